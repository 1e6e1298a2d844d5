/** A file in a message, decoded; nothing in it is to be trusted. */
export interface MimeFile {
  readonly filename: string | undefined;
  readonly content_type: string;
  /** Without its angle brackets. */
  readonly cid: string | undefined;
  /** Whether its sender attached it, rather than showing it in the text. */
  readonly attached: boolean;
  readonly content: Buffer;
}
