import { wordsOf } from './answered.js';
import type { Line } from './line.js';

const MOST_TAILS = 20;
const MOST_LINES = 40;

/** Finds where a run ends in one of the given tails, line by line and by their words alone. */
export function tailReader(tails: readonly string[]): (run: readonly Line[], end: number) => number | null {
  const known = tails.slice(-MOST_TAILS).map(comparable);
  return (run, end) => {
    const starts = known.flatMap((tail) => startOf(run, end, tail) ?? []);
    return starts.length === 0 ? null : Math.min(...starts);
  };
}

function comparable(tail: string): string[] {
  return tail
    .slice(0, 10_000)
    .split('\n')
    .map((line) => wordsOf(line).join(' '))
    .filter((line) => line !== '')
    .slice(-MOST_LINES);
}

// All of the tail has to be there: a sentence that was said before may be said again.
function startOf(run: readonly Line[], end: number, tail: readonly string[]): number | null {
  let at = end;
  for (const line of tail.toReversed()) {
    do at -= 1;
    while (at >= 0 && wordsOf(run[at]?.text.slice(0, 1000) ?? '').length === 0);
    if (at < 0 || wordsOf(run[at]?.text.slice(0, 1000) ?? '').join(' ') !== line) return null;
  }
  return tail.length === 0 ? null : at;
}
