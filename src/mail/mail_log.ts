import { logLine } from '../telemetry/cause.js';
import { emailTried } from '../telemetry/metrics.js';

/** What is read of an email to log it: `emails e`. */
export const LOGGED = `e.id, e.organization_id, e.kind, e.state, e.message_id, e.tries, e.request_id,
  split_part(e.to_address, '@', 2) as to_domain, e.created_at`;

export interface LoggedEmail {
  id: string;
  organization_id: string;
  kind: string;
  state: string;
  message_id: string;
  tries: number;
  request_id: string | null;
  to_domain: string;
  created_at: Date;
}

const secondsSince = (time: Date) => Math.round((Date.now() - time.getTime()) / 1000);

/** The request is the one that queued it, not what this job was queued by. */
const factsOf = ({ id, created_at, request_id, ...email }: LoggedEmail) => ({
  email_id: id,
  ...email,
  seconds: secondsSince(created_at),
  ...(request_id === null ? {} : { request_id }),
});

/** Logs that a server took an email; undefined if a report about it came first. */
export function logSent(email: LoggedEmail | undefined): void {
  if (!email) return;
  emailTried('accepted', secondsSince(email.created_at));
  logLine('mail out', factsOf(email));
}

/** Logs that an email could not be sent, with the other server's code: its words may name the address. */
export function logUnsent(state: 'deferred' | 'failed' | 'rejected', email: LoggedEmail | undefined, error: unknown) {
  if (!email) return;
  emailTried(state);
  logLine('mail out', { ...factsOf(email), state, response: codeOf(error) }, 'warn');
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'responseCode' in error
    ? error.responseCode
    : error instanceof Error && 'code' in error
      ? error.code
      : null;
