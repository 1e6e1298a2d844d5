import { logLine } from '../../telemetry/cause.js';

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

/** The request is the one that queued it, not what this job was queued by. */
const factsOf = ({ id, created_at, request_id, ...email }: LoggedEmail) => ({
  email_id: id,
  ...email,
  seconds: Math.round((Date.now() - created_at.getTime()) / 1000),
  ...(request_id === null ? {} : { request_id }),
});

/** Logs that a server took an email; undefined if a report about it came first. */
export function logSent(email: LoggedEmail | undefined): void {
  if (email) logLine('mail out', factsOf(email));
}

/** Logs that an email could not be sent, with the other server's code: its words may name the address. */
export function logUnsent(state: 'deferred' | 'failed' | 'rejected', email: LoggedEmail | undefined, error: unknown) {
  if (!email) return;
  logLine('mail out', { ...factsOf(email), state, response: codeOf(error) }, 'warn');
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'responseCode' in error
    ? error.responseCode
    : error instanceof Error && 'code' in error
      ? error.code
      : null;
