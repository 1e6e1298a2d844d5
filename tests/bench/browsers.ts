import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** What browsers do for a while: each asks for the next address as soon as it has the answer. */
export interface Visit {
  port: number;
  /** Taken in turn. */
  paths: string[];
  headers: Record<string, string>;
  /** A form to post; left out: GET. */
  body?: string;
  status: number;
  ms: number;
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
}

export interface Browsers {
  /** @throws if an answer has another status than expected. */
  visit(visit: Visit): Promise<Visited>;
  close(): void;
}

/** Browsers in a process of their own, so that they don't run on the server's time. */
export function openBrowsers(): Browsers {
  const child = fork(join(import.meta.dirname, 'browsers_process.js'));
  return {
    async visit(visit) {
      child.send(visit);
      const answer = await messageOf(child);
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    close: () => child.disconnect(),
  };
}

function messageOf(child: ChildProcess): Promise<Visited | { error: string }> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('The client ended.'));
    child.once('exit', ended);
    child.once('message', (message: Visited | { error: string }) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
