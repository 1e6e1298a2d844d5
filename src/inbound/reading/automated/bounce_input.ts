import type { HeaderField } from '../headers.js';

/** A part of a message, decoded. */
export interface Part {
  readonly content_type: string;
  readonly content: Buffer;
}

/** The parts of a message needed to detect a bounce. `mail_from` is '' for the null path. */
export interface BounceInput {
  readonly fields: readonly HeaderField[];
  readonly subject: string;
  readonly text: string;
  readonly parts: readonly Part[];
  readonly from: string | null;
  readonly mail_from: string | null;
}
