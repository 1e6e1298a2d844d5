import type { Place } from '../messages/compose.js';
import type { Pace } from './throttle.js';
import type { Transport } from './transport.js';

interface MadePdf {
  filename: string;
  content: Buffer;
}

/** What mail is made and sent with. */
export interface Post extends Place {
  transport: Transport;
  /** How much may go to one person or one domain; null: as much as there is. */
  pace: Pace | null;
  /** The PDF of a document's version, for an attachment. */
  pdf(organization_id: string, document_id: string, version: number, locale: string): Promise<MadePdf>;
  /** The signed PDF of a version; null if nobody signed it. */
  signed(organization_id: string, document_id: string, version: number): Promise<MadePdf | null>;
}
