/** Why a message is not taken in. Each source says it in its own language: as SMTP's code, HTTP's, or an exit code. */
export type RejectionReason =
  'forged' | 'nobody' | 'too_large' | 'looped' | 'bare_breaks' | 'unreadable' | 'full' | 'away';

/** These pass: whoever brought the message shall come again with it. */
const PASSING = new Set<RejectionReason>(['unreadable', 'full', 'away']);

/** A message that was not kept. `later` says whether the same message may be taken when it is brought again. */
export class Rejection extends Error {
  readonly later: boolean;

  constructor(
    readonly why: RejectionReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NotTaken';
    this.later = PASSING.has(why);
  }
}

/**
 * What the sender is told when keeping failed. PostgreSQL says 53100 when its disk is full, 53200 when its memory is.
 */
export function toRejection(error: unknown): Rejection {
  if (error instanceof Rejection) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^53[12]/.test(code) || code === 'ENOSPC')
    return new Rejection('full', 'There is no room at the moment; come again later', { cause: error });
  return new Rejection('away', 'Try again later', { cause: error });
}
