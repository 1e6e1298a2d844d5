/** Why a message is rejected. Each source translates it: into an SMTP code, an HTTP status or an exit code. */
export type RejectionReason =
  'forged' | 'nobody' | 'too_large' | 'looped' | 'bare_breaks' | 'unreadable' | 'full' | 'unavailable';

/** Reasons after which the sender should try again. */
const TEMPORARY = new Set<RejectionReason>(['unreadable', 'full', 'unavailable']);

/** A message that was not accepted. `later`: the same message may be accepted on another try. */
export class Rejection extends Error {
  readonly later: boolean;

  constructor(
    readonly why: RejectionReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Rejection';
    this.later = TEMPORARY.has(why);
  }
}

/** Turns any error into a rejection. PostgreSQL reports 53100 for a full disk, 53200 when out of memory. */
export function toRejection(error: unknown): Rejection {
  if (error instanceof Rejection) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^53[12]/.test(code) || code === 'ENOSPC')
    return new Rejection('full', 'There is no room at the moment; come again later', { cause: error });
  return new Rejection('unavailable', 'Try again later', { cause: error });
}
