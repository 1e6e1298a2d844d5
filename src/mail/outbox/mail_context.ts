import type { Installation } from '../messages/compose.js';
import type { RateLimits } from './throttle.js';
import type { Transport } from './transport.js';

interface MadePdf {
  filename: string;
  content: Buffer;
}

/** What mail is made and sent with. */
export interface MailContext extends Installation {
  transport: Transport;
  /** How much may go to one person or one domain; null: as much as there is. */
  pace: RateLimits | null;
  /** The PDF of a document's version, for an attachment. */
  pdf(organization_id: string, document_id: string, version: number, locale: string): Promise<MadePdf>;
  /** The signed PDF of a version; null if nobody signed it. */
  signed(organization_id: string, document_id: string, version: number): Promise<MadePdf | null>;
}
