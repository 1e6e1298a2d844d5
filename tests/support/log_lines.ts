import { openLog } from '../../src/telemetry/log.js';

export type LogLine = Record<string, unknown> & { msg: string };

/** A log that a test reads, with all that can be logged. */
export function keptLog() {
  const text: string[] = [];
  const log = openLog('debug', { write: (line: string) => void text.push(line) });
  const lines = () => text.map((line) => JSON.parse(line) as LogLine);
  return {
    log,
    /** All that was written, as it is in the file. */
    text: () => text.join(''),
    /** The lines of one kind that have these facts, the oldest first. */
    of: (msg: string, facts: Record<string, unknown> = {}) =>
      lines().filter(
        (line) => line.msg === msg && Object.entries(facts).every(([name, value]) => line[name] === value),
      ),
  };
}
