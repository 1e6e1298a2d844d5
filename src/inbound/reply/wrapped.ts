import type { Line } from './line.js';

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

/** Tells which lines are quoted ones that a client wrapped without a mark: they go on from a long one, and the quote goes on after them. */
export function wrapReader(lines: readonly Line[]): (at: number) => boolean {
  let found = 0;
  for (let i = 0; i < lines.length && found < OFTEN; i++) if (isWrapped(lines, i, STRICT)) found += 1;
  const measure = found >= OFTEN ? LOOSE : STRICT;
  return (at) => isWrapped(lines, at, measure);
}

function isWrapped(lines: readonly Line[], at: number, measure: Measure): boolean {
  const [before, line] = [lines[at - 1], lines[at]];
  if (!before || !line || isGap(before) || line.depth > 0 || line.blank || line.text.length > 200) return false;
  if (!goesOn(lines, at, measure.most)) return false;
  if (/^[-*_=]{5,}$/.test(line.text) || /^[\s(<[]*https?:\S*[\s)>\]]*$/.test(line.text)) return true;
  if (/https?:\S+$/.test(before.text.slice(-300)) && !/\s/.test(line.text)) return true;
  if (before.depth >= measure.deep) return true;
  const ended = /[.!?:]$/.test(before.text);
  // Nobody answers in the middle of a sentence that was quoted twice.
  if (before.depth >= 2 && !before.blank && !ended) return true;
  return before.raw.length >= measure.full && (!ended || /^\p{Ll}/u.test(line.text));
}

// The quote is there again, with no gap before it.
function goesOn(lines: readonly Line[], at: number, most: number): boolean {
  for (let i = at + 1; i <= at + most; i++) {
    const line = lines[i];
    if (!line || isGap(line)) return false;
    if (line.depth > 0) return true;
  }
  return false;
}

function isGap(line: Line): boolean {
  return line.blank && line.depth === 0;
}
