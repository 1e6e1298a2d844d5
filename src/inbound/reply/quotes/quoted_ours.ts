import { bannerLines } from '../endings/gateway_banner.js';
import { isIntroduction, isPlaceholder } from './inserted_lines.js';
import { indexAnswered } from './answered_email.js';
import type { Answered, Origin, ReplyContext } from './answered_email.js';
import { isKnownField } from './header_block.js';
import type { Label } from '../label.js';
import { toLine } from '../line.js';
import type { Line } from '../line.js';

interface Window {
  readonly from: number;
  readonly to: number;
}

interface Quoted extends Window {
  readonly answered: Answered;
  /** Whether the message is known to answer this one. */
  readonly certain: boolean;
}

/** A quote must contain at least this share of the message, and at least this share of the quote must match it. */
const MIN_SHARE = 0.5;
const MIN_DENSITY = 0.6;
/** The share that is enough where a client marked a quote of the very message that is answered. */
const MIN_MARKED_SHARE = 0.15;

/**
 * Finds the quote of the message being answered by its words, marked or not: lines that are in it are quoted, all others
 * among them were typed there, however short. Without a mark, most of the message must be present, so that a repeated
 * phrase is not mistaken for a quote.
 */
export function labelKnownQuote(lines: readonly Line[], labels: Label[], context: ReplyContext): Label[] {
  if (labels.includes('forward')) return labels;
  const quoted = findQuoted(lines, labels, context);
  if (quoted === null) return labels;
  const others = [context.text, ...(context.others ?? [])].flatMap((text) => indexAnswered(text) ?? []);
  const answers = new Set(answersIn(lines, labels, quoted, others));
  const begin = answers.size > 0 ? Math.min(quoted.from, ...answers) : quoted.from;
  for (let i = begin - 1; i >= 0 && (lines[i]?.blank || isIntroduction(lines[i])); i--)
    if (labels[i] === 'text') labels[i] = 'quote';
  relabel(lines, labels, quoted, answers, begin);
  return labels;
}

function relabel(
  lines: readonly Line[],
  labels: Label[],
  { from, to }: Quoted,
  answers: ReadonlySet<number>,
  begin: number,
): void {
  const rest = labels.indexOf('rest');
  const last = answers.size > 0 ? Math.max(...answers) : -1;
  for (let i = begin; i < Math.max(to, last + 1); i++) {
    if (answers.has(i)) labels[i] = 'text';
    else if (i < to && (labels[i] === 'text' || (labels[i] === 'rest' && i < last))) labels[i] = 'quote';
    else if (labels[i] === 'rest' && i < last) labels[i] = lines[i]?.blank ? 'blank' : 'quote';
  }
  // Keep the introduction of a quote that is answered inline.
  if (rest >= 0 && rest < last) for (let i = rest; i < begin; i++) labels[i] = 'quote';
  if (answers.size === 0 && !labels.slice(0, from).includes('text')) relabelBelow(labels, { from, to }, rest);
}

// If nothing was typed above our email, the text below it is the answer.
function relabelBelow(labels: Label[], { from, to }: Window, rest: number): void {
  if (rest < 0 || rest > from || !labels.includes('rest', to)) return;
  for (let i = rest; i < to; i++) labels[i] = 'quote';
  for (let i = to; i < labels.length; i++) if (labels[i] === 'rest') labels[i] = 'text';
}

function findQuoted(lines: readonly Line[], labels: readonly Label[], context: ReplyContext): Quoted | null {
  const marked = labels.findIndex((label) => label === 'quote' || label === 'rest');
  for (const text of [context.text, ...(context.others ?? [])]) {
    const answered = indexAnswered(text);
    if (!answered) continue;
    const certain = text === context.text && context.answers === true;
    // Text above everything that a client marked as quoted was typed by the sender, even if it repeats our words.
    const window = windowOf(lines, answered, Math.max(0, marked), certain && marked >= 0);
    if (window) return { from: window.from, to: markedEnd(lines, labels, window), answered, certain };
  }
  return null;
}

// What stands without a mark below a marked quote is judged by itself, even if it repeats our words.
function markedEnd(lines: readonly Line[], labels: readonly Label[], { from, to }: Window): number {
  if (lines[from]?.depth === 0) return to;
  const last = lines.findLastIndex(({ depth }, i) => i < to && (depth > 0 || labels[i] === 'quote'));
  return Math.max(from, last) + 1;
}

// The quote starts no earlier than the message's first words, and most lines from there to its last line must match.
function windowOf(lines: readonly Line[], answered: Answered, above: number, marked: boolean): Window | null {
  const origins = lines.map((line): Origin => (line.blank ? 'wordless' : answered.origin(line)));
  const last = origins.lastIndexOf('quoted');
  const sums = weights(lines, origins, last);
  const begun = lines.findIndex((line, i) => i >= above && answered.begins(line));
  for (let from = Math.max(above, begun); from <= last; from++) {
    const { quoted, all } = sums[from] ?? { quoted: 0, all: 0 };
    if (origins[from] !== 'quoted' || lengthOf(lines[from]) < 8) continue;
    if (quoted < all * MIN_DENSITY && !(marked && begun >= 0)) continue;
    const share = answered.share(lines.slice(from, last + 1));
    return share >= (marked ? MIN_MARKED_SHARE : MIN_SHARE) ? { from, to: last + 1 } : null;
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

const NEXT = toLine('What is said', 0, null, 0);

/** The lines that were typed between the quoted ones, or beside them at the same level of quoting. */
function answersIn(
  lines: readonly Line[],
  labels: readonly Label[],
  { from, to, answered, certain }: Quoted,
  others: readonly Answered[],
): number[] {
  const isKnown = (i: number) => others.some((one) => isQuotedBy(one, lines[i]));
  const origins = answered.origins(lines.slice(from, to));
  const inside = lines.flatMap((_, i) =>
    i >= from && i < to && ['new', 'mixed'].includes(origins[i - from] ?? '') ? [i] : [],
  );
  const beside = certain ? besideLines(lines, labels, { from, to }) : [];
  const typed = [
    ...inside.filter((i) => isShortAnswer(lines[i], answered) || !isKnown(i)),
    ...beside.filter((i) => !isKnown(i)),
  ];
  // Somebody else's words above a quote of our email are not the sender's.
  const levels = new Set(lines.slice(from, to).flatMap(({ depth }, i) => (origins[i] === 'quoted' ? depth : [])));
  // What has no mark between lines that have one stands outside the quote.
  const isOutside = (i: number) => lines[i]?.depth === 0 && labels[i] === 'text';
  return withoutBanners(lines, typed).filter((i) => {
    const line = lines[i];
    return line && (levels.has(line.depth) || isOutside(i)) && !isPlaceholder(line) && !isIntroduction(line);
  });
}

// Lines of one to three words may repeat words of ours.
const isShortAnswer = (line: Line | undefined, answered: Answered) =>
  line !== undefined && line.text.split(/\s+/).length <= 3 && answered.origin(line) === 'quoted';

const isQuotedBy = (answered: Answered, line: Line | undefined) =>
  line !== undefined && answered.origin(line) === 'quoted';

/** Lines next to our email in the same quote: typed above its first line, or below its last. */
function besideLines(lines: readonly Line[], labels: readonly Label[], { from, to }: Window): number[] {
  const depth = lines[from]?.depth ?? 0;
  const found: number[] = [];
  const isBeside = (i: number) => {
    const [line, label] = [lines[i], labels[i]];
    if (!line || (line.blank && line.depth !== depth && depth > 0 && line.depth > 0)) return false;
    if (line.blank) return label === 'quote' || label === 'rest' || label === 'blank';
    return line.depth === depth && (label === 'quote' || label === 'rest') && !endsQuote(lines, i);
  };
  for (let i = from - 1; i >= 0 && isBeside(i); i--) if (!lines[i]?.blank) found.unshift(i);
  for (let i = to; i < lines.length && isBeside(i); i++) if (!lines[i]?.blank) found.push(i);
  return found;
}

// What introduces the quote, or another one.
function endsQuote(lines: readonly Line[], at: number): boolean {
  const line = lines[at];
  return (
    !line ||
    line.mark === 'attribution' ||
    line.mark === 'rule' ||
    isKnownField(line) ||
    isIntroduction(line) ||
    /^[-_=—*\s]{3,}$/.test(line.text.slice(0, 200))
  );
}

// A gateway put its warning into our email on its way there.
function withoutBanners(lines: readonly Line[], typed: readonly number[]): number[] {
  const kept: number[] = [];
  for (let i = 0; i < typed.length;) {
    let end = i + 1;
    while ((typed[end] ?? -2) === (typed[end - 1] ?? 0) + 1) end += 1;
    const group = typed.slice(i, end);
    const flat = group.flatMap((at) => lines[at] ?? []).map((line) => ({ ...line, depth: 0 }));
    kept.push(...group.slice(bannerLines([...flat, toLine('', 0, null, 0), NEXT])));
    i = end;
  }
  return kept;
}
