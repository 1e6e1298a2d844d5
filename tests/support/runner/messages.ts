/** What a test came to, as a worker tells the runner. */
export interface Outcome {
  /** The test's own name, and how deep it stands below its file. */
  name: string;
  depth: number;
  kind: 'passed' | 'failed' | 'skipped' | 'suite' | 'note';
  ms: number;
  /** Why it failed or was skipped; the words of a note. */
  text: string;
}

/** From a worker: it wants a file, a test ended, or its file did. */
export type FromWorker =
  { type: 'ready' } | { type: 'outcome'; outcome: Outcome } | { type: 'ended'; file: string; cpu_ms: number };

/** To a worker: a file to run; null, if there is none left. */
export interface ToWorker {
  file: string | null;
}
