/** Why a message can't be read. The names are stable. */
export type RefusalCode =
  | 'no_header'
  | 'too_large'
  | 'headers_too_large'
  | 'header_too_large'
  | 'too_many_headers'
  | 'too_deep'
  | 'too_many_parts'
  | 'too_slow'
  | 'too_much_memory'
  | 'unreadable';

/** Thrown when a message can't be read or exceeds the limits. `message` gives the reason and may be shown to people. */
export class MailRefused extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
    this.name = 'MailRefused';
  }
}

/** Limits for reading a message. RFC 5322 sets none; these match large providers. In bytes, `time` in milliseconds. */
export interface Limits {
  readonly size: number;
  readonly headers_size: number;
  readonly header_size: number;
  readonly headers: number;
  readonly header_lines: number;
  readonly depth: number;
  readonly parts: number;
  readonly time: number;
  readonly memory_mb: number;
}

const kilobytes = (bytes: number) => `${Math.floor(bytes / 1024)} kB`;
const REASONS = {
  too_large: ({ size }: Limits) => `The message is larger than ${Math.floor(size / 1_048_576)} MB.`,
  headers_too_large: ({ headers_size }: Limits) => `The header section is larger than ${kilobytes(headers_size)}.`,
  header_too_large: ({ header_size }: Limits) => `One header is larger than ${kilobytes(header_size)}.`,
  too_many_headers: ({ headers, header_lines }: Limits) =>
    `There are more than ${headers} headers, or more than ${header_lines} lines of them.`,
  too_deep: ({ depth }: Limits) => `Parts stand inside each other more than ${depth} deep.`,
  too_many_parts: ({ parts }: Limits) => `There are more than ${parts} parts.`,
};

/** Returns the error for a message that exceeds a limit. */
export const limitBroken = (code: keyof typeof REASONS, limits: Limits): MailRefused =>
  new MailRefused(code, REASONS[code](limits));

export const LIMITS: Limits = {
  size: 36_700_160,
  headers_size: 262_144,
  header_size: 102_400,
  headers: 1000,
  // The time to verify signatures grows with the square of the number of folded lines.
  header_lines: 8000,
  depth: 100,
  parts: 1000,
  time: 10_000,
  memory_mb: 384,
};
