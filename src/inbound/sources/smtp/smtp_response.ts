import type { Logger } from 'pino';
import { type RejectionReason, toRejection } from '../rejection.js';

/** A response with its SMTP code (RFC 5321 §4.2) and, in the text, its enhanced code (RFC 3463). */
export class SmtpResponse extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

const CODES: Record<RejectionReason, [number, string]> = {
  forged: [550, '5.7.1'],
  nobody: [550, '5.1.1'],
  too_large: [552, '5.3.4'],
  looped: [554, '5.4.6'],
  bare_breaks: [554, '5.6.0'],
  unreadable: [451, '4.3.0'],
  full: [452, '4.3.1'],
  unavailable: [451, '4.3.0'],
};

/** The response for an error; our own failures are logged. */
export function responseTo(error: unknown, log: Logger): SmtpResponse {
  if (error instanceof SmtpResponse) return error;
  const { why, later, message, cause } = toRejection(error);
  if (later) log.error({ err: cause ?? error }, 'a message could not be kept');
  const [code, enhanced] = CODES[why];
  return new SmtpResponse(code, `${enhanced} ${message}`);
}
