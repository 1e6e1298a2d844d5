import { wordsOf } from '../quotes/answered_email.js';
import { labelLines } from '../labels.js';
import { textLines } from '../line.js';
import type { Line } from '../line.js';

const MAX_ENDINGS = 20;
const MAX_LINES = 40;

/** Returns a function that finds where one of the given endings starts in a run, comparing only the words of lines. */
export function endingFinder(tails: readonly string[]): (run: readonly Line[], end: number) => number | null {
  const patterns = tails.slice(-MAX_ENDINGS).map(comparable);
  return (run, end) => {
    const starts = patterns.flatMap((ending) => startOf(run, end, ending) ?? []);
    return starts.length === 0 ? null : Math.min(...starts);
  };
}

/**
 * Returns a message's ending (such as its signature) from `Reply.trimmed`, to pass in `ReplyContext.tails` for the
 * sender's next messages. Empty if the trimmed text starts with a quote.
 */
export function tailOf(trimmed: string): string {
  const lines = textLines(trimmed.slice(0, 20_000)).slice(0, MAX_LINES);
  const labels = labelLines(lines, {});
  const quoted = labels.findIndex((label) => label !== 'text' && label !== 'blank');
  return lines
    .slice(0, quoted < 0 ? lines.length : quoted)
    .map((line) => line.raw)
    .join('\n')
    .trim();
}

function comparable(ending: string): string[] {
  return ending
    .slice(0, 10_000)
    .split('\n')
    .map((line) => wordsOf(line).join(' '))
    .filter((line) => line !== '')
    .slice(-MAX_LINES);
}

// The whole ending must match: a sender may repeat a single sentence.
function startOf(run: readonly Line[], end: number, ending: readonly string[]): number | null {
  let at = end;
  for (const line of ending.toReversed()) {
    do at -= 1;
    while (at >= 0 && wordsOf(run[at]?.text.slice(0, 1000) ?? '').length === 0);
    if (at < 0 || wordsOf(run[at]?.text.slice(0, 1000) ?? '').join(' ') !== line) return null;
  }
  return ending.length === 0 ? null : at;
}
