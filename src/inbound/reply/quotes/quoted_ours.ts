import { rememberAnswered } from './answered_email.js';
import type { Answered, Standing } from './answered_email.js';
import type { Label } from '../label.js';
import type { Line } from '../line.js';
import { ADDRESS, DATE } from '../phrases.js';

interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * So much of the message must be there, and so much of what is there must be the message, before it is taken for a
 * quote.
 */
const ENOUGH = 0.5;
const DENSE = 0.6;

/**
 * Finds the message being answered by its words, where nothing else marks it as quoted, and what was typed between
 * its lines, whatever marks these bear. Whoever only repeats a phrase of it loses nothing, since most of the message
 * must be there.
 */
export function labelOurs(lines: readonly Line[], labels: Label[], text: string | undefined): Label[] {
  const answered = rememberAnswered(text);
  if (!answered || labels.includes('forward')) return labels;
  const standings = lines.map((line): Standing => (line.blank ? 'silent' : answered.standing(line)));
  const window = windowOf(lines, standings, answered, marked(labels));
  if (window === null) return labels;
  const answers = answersIn(lines, standings, window);
  for (let i = window.from - 1; i >= 0 && (lines[i]?.blank || introduces(lines[i])); i--)
    if (labels[i] === 'text') labels[i] = 'quote';
  const rest = labels.indexOf('rest');
  const last = answers.at(-1) ?? -1;
  const answered_at = new Set(answers);
  for (let i = window.from; i < window.to; i++) {
    if (answered_at.has(i)) labels[i] = 'text';
    else if (labels[i] === 'text' || (labels[i] === 'rest' && i < last)) labels[i] = 'quote';
  }
  // What introduced the quote stays above the lines that are answered.
  if (rest >= 0 && rest < last) for (let i = rest; i < window.from; i++) labels[i] = 'quote';
  if (answers.length === 0 && !labels.slice(0, window.from).includes('text')) freeBelow(labels, window, rest);
  return labels;
}

// With nothing typed above our email, what stands below it is the answer.
function freeBelow(labels: Label[], { from, to }: Window, rest: number): void {
  if (rest < 0 || rest > from || !labels.includes('rest', to)) return;
  for (let i = rest; i < to; i++) labels[i] = 'quote';
  for (let i = to; i < labels.length; i++) if (labels[i] === 'rest') labels[i] = 'text';
}

// Who wrote it and when, in words that we don't know.
function introduces(line: Line | undefined): boolean {
  return (
    line !== undefined &&
    line.text.length < 200 &&
    ADDRESS.test(line.text) &&
    (DATE.test(line.text) || /[:：>]$/.test(line.text))
  );
}

// What stands above everything that a client marked as quoted was typed, even in words of ours.
const marked = (labels: readonly Label[]) =>
  Math.max(
    0,
    labels.findIndex((label) => label === 'quote' || label === 'rest'),
  );

// From the first line of the message on, if most of what follows up to its last is of it. Above how it begins nothing
// is of it.
function windowOf(
  lines: readonly Line[],
  standings: readonly Standing[],
  answered: Answered,
  above: number,
): Window | null {
  const last = standings.lastIndexOf('known');
  const sums = weights(lines, standings, last);
  const begun = lines.findIndex((line, i) => i >= above && answered.begins(line));
  for (let from = Math.max(above, begun); from <= last; from++) {
    const { known, all } = sums[from] ?? { known: 0, all: 0 };
    if (standings[from] !== 'known' || lengthOf(lines[from]) < 8 || known < all * DENSE) continue;
    return answered.share(lines.slice(from, last + 1)) >= ENOUGH ? { from, to: last + 1 } : null;
  }
  return null;
}

interface Weight {
  readonly known: number;
  readonly all: number;
}

// For each line, how much of what stands from it to the last known line is known.
function weights(lines: readonly Line[], standings: readonly Standing[], last: number): Weight[] {
  const sums: Weight[] = [];
  let [known, all] = [0, 0];
  for (let i = last; i >= 0; i--) {
    const length = standings[i] === 'silent' ? 0 : lengthOf(lines[i]);
    all += length;
    if (standings[i] === 'known') known += length;
    sums[i] = { known, all };
  }
  return sums;
}

function lengthOf(line: Line | undefined): number {
  return line?.text.length ?? 0;
}

const SAYS = /[.!?。！？]$/u;

// What is new between known lines: a sentence, or what stands below a question.
function answersIn(lines: readonly Line[], standings: readonly Standing[], { from, to }: Window): number[] {
  const found: number[] = [];
  let above = '';
  for (let i = from; i < to; i++) {
    const text = lines[i]?.text ?? '';
    if (text === '') continue;
    const fresh =
      standings[i] === 'fresh' && (SAYS.test(text) || text.split(/\s+/).length >= 4 || /[?？]$/u.test(above));
    if (fresh || standings[i] === 'mixed') found.push(i);
    if (standings[i] !== 'silent') above = text;
  }
  return found;
}
