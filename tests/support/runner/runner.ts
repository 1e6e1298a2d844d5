import { type ChildProcess, fork } from 'node:child_process';
import { relative } from 'node:path';
import type { FromWorker, Outcome, ToWorker } from './messages.js';
import { printed } from './printed.js';

export interface Run {
  /** The folder that the files are named from. */
  folder: string;
  /** Files that share something costly stand together: one process runs them. */
  files: string[][];
  /** How many processes run them. */
  workers: number;
  /** After how long a file that hangs is given up: nothing else in the tests is bound to time. */
  patience_ms: number;
}

export interface Total {
  outcomes: (Outcome & { file: string })[];
  passed: number;
  failed: number;
}

const REPORTER = new URL('reporter.js', import.meta.url).href;
const WORKER = new URL('worker.js', import.meta.url).pathname;

/** Runs test files in as many processes as asked for, and prints each file once it has ended. */
export async function runFiles({ folder, files, workers, patience_ms }: Run): Promise<Total> {
  const waiting = [...files];
  const outcomes: Total['outcomes'] = [];
  const finish = (file: string, of: Outcome[], cpu_ms = 0) => {
    process.stdout.write(printed(file, of, cpu_ms));
    outcomes.push(...of.map((outcome) => ({ ...outcome, file })));
  };
  const line = async () => {
    // A worker that dies takes one file with it; another goes on with the rest.
    while (waiting.length) await follow(startWorker(folder, patience_ms), folder, waiting, finish);
  };
  await Promise.all(Array.from({ length: Math.min(workers, files.length) }, line));
  const count = (kind: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind).length;
  return { outcomes, passed: count('passed'), failed: count('failed') };
}

const startWorker = (folder: string, patience_ms: number) =>
  fork(WORKER, [folder, String(patience_ms)], {
    execArgv: [...process.execArgv, `--test-reporter=${REPORTER}`, '--test-reporter-destination=stdout'],
  });

/** Hands a worker one file after the other until none is left, or it ends. */
function follow(
  worker: ChildProcess,
  folder: string,
  waiting: string[][],
  finish: (file: string, outcomes: Outcome[], cpu_ms?: number) => void,
): Promise<void> {
  let [asks, current, mine] = [false, null as string | null, [] as string[]];
  let outcomes: Outcome[] = [];
  // It may ask for the next file before it has told of the last one.
  const handOut = () => {
    if (!asks || current !== null) return;
    if (mine.length === 0) mine = waiting.shift() ?? [];
    [asks, current] = [false, mine.shift() ?? null];
    worker.send({ file: current } satisfies ToWorker);
  };
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'outcome') outcomes.push(message.outcome);
    if (message.type === 'ready') asks = true;
    if (message.type === 'ended') {
      finish(message.file, outcomes, message.cpu_ms);
      [current, outcomes] = [null, []];
    }
    handOut();
  });
  return new Promise((resolve) =>
    worker.once('exit', (code, signal) => {
      const text = `The process ended (${signal ?? code}).`;
      if (current !== null) {
        const file = relative(folder, current);
        finish(file, [...outcomes, { name: file, depth: 0, kind: 'failed', ms: 0, text }]);
      }
      if (mine.length) waiting.unshift(mine);
      resolve();
    }),
  );
}
