/** A decoded file of a message. Everything in it is untrusted. */
export interface MimeFile {
  readonly filename: string | undefined;
  readonly content_type: string;
  /** The Content-Id without angle brackets. */
  readonly cid: string | undefined;
  /** Whether the sender attached it, rather than placing it in the text. */
  readonly attached: boolean;
  readonly content: Buffer;
}
