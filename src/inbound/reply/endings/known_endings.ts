import { wordsOf } from '../quotes/answered_email.js';
import { labelLines } from '../labels.js';
import { textLines } from '../line.js';
import type { Line } from '../line.js';

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

/**
 * How a message ended below what its sender said, from what was trimmed of it (`Reply.trimmed`): to be known as one of
 * `ReplyContext.tails` when they write again. Empty when a quote came at once.
 */
export function tailOf(trimmed: string): string {
  const lines = textLines(trimmed.slice(0, 20_000)).slice(0, MOST_LINES);
  const labels = labelLines(lines, {});
  const quoted = labels.findIndex((label) => label !== 'text' && label !== 'blank');
  return lines
    .slice(0, quoted < 0 ? lines.length : quoted)
    .map((line) => line.raw)
    .join('\n')
    .trim();
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
