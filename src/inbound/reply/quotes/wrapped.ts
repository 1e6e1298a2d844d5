import { nextShown } from '../line.js';
import type { Line } from '../line.js';

interface Measure {
  /** How long a line is when it is taken for full. */
  readonly full: number;
  /** How many lines without a mark may follow each other. */
  readonly most: number;
  /** How deep a quote is below which nobody answers, even after a full stop. */
  readonly deep: number;
}

const STRICT: Measure = { full: 55, most: 3, deep: Infinity };
// Once a message has shown that its quote was wrapped again and again.
const LOOSE: Measure = { full: 45, most: 8, deep: 3 };
const OFTEN = 5;

/**
 * Tells which lines are quoted ones that a client wrapped without a mark: they go on from a long one, and the quote
 * goes on after them.
 */
export function wrapReader(lines: readonly Line[]): (at: number) => boolean {
  let found = 0;
  for (let i = 0; i < lines.length && found < OFTEN; i++) if (isWrapped(lines, i, STRICT)) found += 1;
  const measure = found >= OFTEN ? LOOSE : STRICT;
  return (at) => isWrapped(lines, at, measure);
}

function isWrapped(lines: readonly Line[], at: number, measure: Measure): boolean {
  const [before, line] = [lines[at - 1], lines[at]];
  if (!before || !line || isGap(before) || line.depth > 0 || line.blank || line.text.length > 200) return false;
  const next = whatComes(lines, at, measure.most);
  if (next === 'end' && measure === LOOSE)
    return before.raw.length >= measure.full && goesOnWith(before.text, line.text);
  if (next !== 'quote') return false;
  if (/^[-*_=]{5,}$/.test(line.text) || /^[\s(<[]*https?:\S*[\s)>\]]*$/.test(line.text)) return true;
  if (/https?:\S+$/.test(before.text.slice(-300)) && !/\s/.test(line.text)) return true;
  if (before.depth >= measure.deep) return true;
  const ended = /[.!?:]$/.test(before.text);
  // Nobody answers in the middle of a sentence that was quoted twice.
  if (before.depth >= 2 && !before.blank && !ended) return true;
  return before.raw.length >= measure.full && (!ended || /^\p{Ll}/u.test(line.text));
}

// In the middle of a sentence.
function goesOnWith(before: string, text: string): boolean {
  return !/[.!?:]$/.test(before) && /^\p{Ll}/u.test(text);
}

// What comes with no gap before it: the quote again, or nothing.
function whatComes(lines: readonly Line[], at: number, most: number): 'quote' | 'gap' | 'end' {
  for (let i = at + 1; i <= at + most; i++) {
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
