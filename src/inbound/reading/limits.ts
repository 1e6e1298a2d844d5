/** Why a message can't be read; stable names. */
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

/** A message that is not read any further; `message` says why, in words for people. */
export class MailRefused extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
    this.name = 'MailRefused';
  }
}

/**
 * What a message may hold, in bytes, counts, milliseconds and MB of memory. RFC 5322 sets no limits: these are those
 * of large providers.
 */
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
const WORDS = {
  too_large: ({ size }: Limits) => `The message is larger than ${Math.floor(size / 1_048_576)} MB.`,
  headers_too_large: ({ headers_size }: Limits) => `The header section is larger than ${kilobytes(headers_size)}.`,
  header_too_large: ({ header_size }: Limits) => `One header is larger than ${kilobytes(header_size)}.`,
  too_many_headers: ({ headers, header_lines }: Limits) =>
    `There are more than ${headers} headers, or more than ${header_lines} lines of them.`,
  too_deep: ({ depth }: Limits) => `Parts stand inside each other more than ${depth} deep.`,
  too_many_parts: ({ parts }: Limits) => `There are more than ${parts} parts.`,
};

/** The refusal of a message that breaks a limit. */
export const limitBroken = (code: keyof typeof WORDS, limits: Limits): MailRefused =>
  new MailRefused(code, WORDS[code](limits));

export const LIMITS: Limits = {
  size: 36_700_160,
  headers_size: 262_144,
  header_size: 102_400,
  headers: 1000,
  // Checks of the sender grow with the square of how often a header is folded.
  header_lines: 8000,
  depth: 100,
  parts: 1000,
  time: 10_000,
  memory_mb: 384,
};
