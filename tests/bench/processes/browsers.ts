import { type Child, startChild } from './child.js';

/** What browsers do for a while: each asks for the next address as soon as it has the answer. */
export interface Visit {
  port: number;
  /** Taken in turn. */
  paths: string[];
  headers: Record<string, string>;
  /** A form to post; left out: GET. */
  body?: string;
  status: number;
  /** For how long, and how many pages at least (left out: one). */
  ms: number;
  least?: number;
  /** How long each looks at a page before it asks for the next; left out: not at all. */
  pause_ms?: number;
  /** How many at a time. */
  browsers: number;
}

export interface Visited {
  requests: number;
  per_second: number;
  /** The time of each answer, to its last byte. */
  times_ms: number[];
  /** Of the last answer. */
  bytes: number;
}

export interface Browsers {
  /** @throws if an answer has another status than expected. */
  visit: (visit: Visit) => Promise<Visited>;
  stop: Child['stop'];
}

/** Browsers in a process of their own, so that they don't run on the server's time. */
export async function openBrowsers(): Promise<Browsers> {
  const { child } = await startChild('browsers_process');
  return { visit: (visit) => child.ask(visit), stop: child.stop };
}
