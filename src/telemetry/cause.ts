import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';

/** What something is done for: a request, a job, a message that came in. */
interface Cause {
  /** Of the request, or of what was asked for by it; a message's is its delivery's. */
  id: string;
  log: Logger;
  /** Packets sent to the database so far: each is a round trip. */
  round_trips: number;
}

const causes = new AsyncLocalStorage<Cause | undefined>();

/** Runs `work`, and all that it starts, for a cause of this id; without one for none. */
export const causedBy = <T>(id: string | null, log: Logger, work: (cause: Cause | undefined) => T): T => {
  const cause = id === null ? undefined : { id, log, round_trips: 0 };
  return causes.run(cause, () => work(cause));
};

/** As `causedBy`, for a part of what is being done now: in the same log, if that has one. */
export const causedByPart = <T>(id: string, work: () => T): T => {
  const whole = causes.getStore();
  return whole ? causedBy(id, whole.log, work) : work();
};

/** Runs `work`, which is for several at once, for none of them. */
export const forNobody = <T>(work: () => T): T => causes.run(undefined, work);

/** Lets a callback that a library calls from elsewhere know what it is for. */
export const keepsCause = <Given extends unknown[]>(callback: (...given: Given) => void): typeof callback =>
  AsyncLocalStorage.bind(callback);

/** The id of what is being done now, for log lines and for what is queued by it; null if nobody asked for it. */
export const causeId = (): string | null => causes.getStore()?.id ?? null;

/** Counts a round trip to the database. */
export function countRoundTrip(): void {
  const cause = causes.getStore();
  if (cause) cause.round_trips += 1;
}

/** Writes a line to the log of what is being done now: `facts` hold no name, no address and no secret. */
export function logLine(message: string, facts: object, level: 'info' | 'warn' = 'info'): void {
  causes.getStore()?.log[level](facts, message);
}
