import { indexAnswered } from './answered_email.js';
import type { Answered, Origin } from './answered_email.js';
import type { Label } from '../label.js';
import type { Line } from '../line.js';
import { ADDRESS, DATE } from '../phrases.js';

interface Window {
  readonly from: number;
  readonly to: number;
}

/** A quote must contain at least this share of the message, and at least this share of the quote must match it. */
const MIN_SHARE = 0.5;
const MIN_DENSITY = 0.6;

/**
 * Finds an unmarked quote of the message being answered by its words, and answers typed between its lines. Most of the
 * message must be present, so that a repeated phrase is not mistaken for a quote.
 */
export function labelUnmarkedQuote(lines: readonly Line[], labels: Label[], text: string | undefined): Label[] {
  const answered = indexAnswered(text);
  if (!answered || labels.includes('forward')) return labels;
  const origins = lines.map((line): Origin => (line.blank ? 'wordless' : answered.origin(line)));
  const window = windowOf(lines, origins, answered, firstMarked(labels));
  if (window === null) return labels;
  const answers = answersIn(lines, origins, window);
  for (let i = window.from - 1; i >= 0 && (lines[i]?.blank || isIntroduction(lines[i])); i--)
    if (labels[i] === 'text') labels[i] = 'quote';
  const rest = labels.indexOf('rest');
  const last = answers.at(-1) ?? -1;
  const answered_at = new Set(answers);
  for (let i = window.from; i < window.to; i++) {
    if (answered_at.has(i)) labels[i] = 'text';
    else if (labels[i] === 'text' || (labels[i] === 'rest' && i < last)) labels[i] = 'quote';
  }
  // Keep the introduction of a quote that is answered inline.
  if (rest >= 0 && rest < last) for (let i = rest; i < window.from; i++) labels[i] = 'quote';
  if (answers.length === 0 && !labels.slice(0, window.from).includes('text')) relabelBelow(labels, window, rest);
  return labels;
}

// If nothing was typed above our email, the text below it is the answer.
function relabelBelow(labels: Label[], { from, to }: Window, rest: number): void {
  if (rest < 0 || rest > from || !labels.includes('rest', to)) return;
  for (let i = rest; i < to; i++) labels[i] = 'quote';
  for (let i = to; i < labels.length; i++) if (labels[i] === 'rest') labels[i] = 'text';
}

// Looks like an attribution in an unknown language: an address with a date or a colon.
function isIntroduction(line: Line | undefined): boolean {
  return (
    line !== undefined &&
    line.text.length < 200 &&
    ADDRESS.test(line.text) &&
    (DATE.test(line.text) || /[:：>]$/.test(line.text))
  );
}

// Text above everything that a client firstMarked as quoted was typed by the sender, even if it repeats our words.
const firstMarked = (labels: readonly Label[]) =>
  Math.max(
    0,
    labels.findIndex((label) => label === 'quote' || label === 'rest'),
  );

// The quote starts no earlier than the message's first words, and most lines from there to its last line must match.
function windowOf(
  lines: readonly Line[],
  origins: readonly Origin[],
  answered: Answered,
  above: number,
): Window | null {
  const last = origins.lastIndexOf('quoted');
  const sums = weights(lines, origins, last);
  const begun = lines.findIndex((line, i) => i >= above && answered.begins(line));
  for (let from = Math.max(above, begun); from <= last; from++) {
    const { quoted, all } = sums[from] ?? { quoted: 0, all: 0 };
    if (origins[from] !== 'quoted' || lengthOf(lines[from]) < 8 || quoted < all * MIN_DENSITY) continue;
    return answered.share(lines.slice(from, last + 1)) >= MIN_SHARE ? { from, to: last + 1 } : null;
  }
  return null;
}

interface Weight {
  readonly quoted: number;
  readonly all: number;
}

// For each line, the total and matching lengths from there to the last matching line.
function weights(lines: readonly Line[], origins: readonly Origin[], last: number): Weight[] {
  const sums: Weight[] = [];
  let [quoted, all] = [0, 0];
  for (let i = last; i >= 0; i--) {
    const length = origins[i] === 'wordless' ? 0 : lengthOf(lines[i]);
    all += length;
    if (origins[i] === 'quoted') quoted += length;
    sums[i] = { quoted, all };
  }
  return sums;
}

function lengthOf(line: Line | undefined): number {
  return line?.text.length ?? 0;
}

const SENTENCE_END = /[.!?。！？]$/u;

// Finds new lines between quoted ones: sentences, or answers to a question above.
function answersIn(lines: readonly Line[], origins: readonly Origin[], { from, to }: Window): number[] {
  const found: number[] = [];
  let above = '';
  for (let i = from; i < to; i++) {
    const text = lines[i]?.text ?? '';
    if (text === '') continue;
    const isNew =
      origins[i] === 'new' && (SENTENCE_END.test(text) || text.split(/\s+/).length >= 4 || /[?？]$/u.test(above));
    if (isNew || origins[i] === 'mixed') found.push(i);
    if (origins[i] !== 'wordless') above = text;
  }
  return found;
}
