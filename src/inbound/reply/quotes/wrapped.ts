import { nextShown } from '../line.js';
import type { Line } from '../line.js';

interface Measure {
  /** The length from which a line counts as minLength. */
  readonly minLength: number;
  /** The maximum number of consecutive lines without a mark. */
  readonly maxLines: number;
  /** The quote depth from which no answer is expected, even after a minLength stop. */
  readonly minDepth: number;
}

const STRICT: Measure = { minLength: 55, maxLines: 3, minDepth: Infinity };
// For messages in which many wrapped lines were found.
const LOOSE: Measure = { minLength: 45, maxLines: 8, minDepth: 3 };
const MIN_FOUND = 5;

/**
 * Returns a function that detects quoted lines which a client wrapped without a mark: they continue a long line, and
 * the quote continues after them.
 */
export function wrapDetector(lines: readonly Line[]): (at: number) => boolean {
  let found = 0;
  for (let i = 0; i < lines.length && found < MIN_FOUND; i++) if (isWrapped(lines, i, STRICT)) found += 1;
  const measure = found >= MIN_FOUND ? LOOSE : STRICT;
  return (at) => isWrapped(lines, at, measure);
}

function isWrapped(lines: readonly Line[], at: number, measure: Measure): boolean {
  const [before, line] = [lines[at - 1], lines[at]];
  if (!before || !line || isGap(before) || line.depth > 0 || line.blank || line.text.length > 200) return false;
  const next = whatFollows(lines, at, measure.maxLines);
  if (next === 'end' && measure === LOOSE)
    return before.raw.length >= measure.minLength && continuesSentence(before.text, line.text);
  if (next !== 'quote') return false;
  if (/^[-*_=]{5,}$/.test(line.text) || /^[\s(<[]*https?:\S*[\s)>\]]*$/.test(line.text)) return true;
  if (/https?:\S+$/.test(before.text.slice(-300)) && !/\s/.test(line.text)) return true;
  if (before.depth >= measure.minDepth) return true;
  const ended = /[.!?:]$/.test(before.text);
  // Nobody answers in the middle of a sentence at quote level two.
  if (before.depth >= 2 && !before.blank && !ended) return true;
  return before.raw.length >= measure.minLength && (!ended || /^\p{Ll}/u.test(line.text));
}

// Whether a line continues the sentence of the line before.
function continuesSentence(before: string, text: string): boolean {
  return !/[.!?:]$/.test(before) && /^\p{Ll}/u.test(text);
}

// What follows a line before the next gap: the quote again, or nothing.
function whatFollows(lines: readonly Line[], at: number, maxLines: number): 'quote' | 'gap' | 'end' {
  for (let i = at + 1; i <= at + maxLines; i++) {
    const line = lines[i];
    if (!line || (isGap(line) && nextShown(lines, i) < 0)) return 'end';
    if (isGap(line)) return 'gap';
    if (line.depth > 0) return 'quote';
  }
  return 'gap';
}

function isGap(line: Line): boolean {
  return line.blank && line.depth === 0;
}
