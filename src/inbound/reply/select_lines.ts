import type { ReplyContext } from './quotes/answered_email.js';
import { labelLines } from './labels.js';
import type { Label } from './label.js';
import { labelKnownQuote } from './quotes/quoted_ours.js';
import type { Line } from './line.js';
import { isFirstName, isFullName } from './endings/sender_names.js';
import { isOnlyEnding } from './endings/tail.js';
import { attributionAt } from './quotes/attribution.js';
import { headerBlockAt } from './quotes/header_block.js';
import { indexAnswered } from './quotes/answered_email.js';
import { isIntroduction } from './quotes/inserted_lines.js';
import { nextShown } from './line.js';
import { trimSignature } from './endings/signature_block.js';
import { CLOSING, GREETING } from './endings/ending_phrases.js';

interface Run {
  readonly kind: 'text' | 'quote' | 'forward';
  readonly from: number;
  to: number;
}

/** Whether a line is kept, and whether it is the sender's own text rather than a quote that it answers. */
export interface Verdict {
  readonly kept: boolean;
  readonly own: boolean;
}

/** Decides for each line whether to keep it: the sender's new text, and quotes answered inline. */
export function selectLines(lines: readonly Line[], context: ReplyContext): Verdict[] {
  const labels = labelKnownQuote(lines, labelLines(lines, context), context);
  const keep = selectLabelled(lines, labels, context);
  const own = (i: number) => labels[i] === 'text';
  if (lines.some((line, i) => keep[i] && !line.blank)) return lines.map((_, i) => verdict(keep[i] ?? false, own(i)));
  // A message that consists only of a quote without attribution may be what the sender wants to say, unless it is ours.
  if (lines.every((line) => line.depth > 0 || line.blank) && !isMostlyOurs(lines, context))
    return lines.map((_, i) => verdict(true, own(i)));
  const taken = takeBack(lines, labels, context);
  const all = taken ? selectLabelled(lines, taken, context) : [];
  return lines.map((_, i) => verdict(all[i] ?? false, (taken ?? labels)[i] === 'text'));
}

function selectLabelled(lines: readonly Line[], labels: readonly Label[], context: ReplyContext): boolean[] {
  const rest = labels.indexOf('rest');
  return selectRuns(lines, runs(labels, rest < 0 ? lines.length : rest), context);
}

/**
 * If nothing is left, an attribution above unmarked text was no evidence for a quote: the text comes back, unless it is
 * ours. A whole header block is evidence enough.
 */
function takeBack(lines: readonly Line[], labels: readonly Label[], context: ReplyContext): Label[] | null {
  const rest = labels.indexOf('rest');
  const begin = nextShown(lines, Math.max(0, rest));
  const count =
    rest < 0 || headerBlockAt(lines, begin) > 0
      ? 0
      : Math.max(attributionAt(lines, begin), isIntroduction(lines[begin]) ? 1 : 0);
  if (count === 0) return null;
  if (isMostlyOurs(lines.slice(begin + count), context)) return null;
  return labels.map((label, i) => {
    if (label !== 'rest') return label;
    if (i < begin + count) return 'quote';
    return lines[i]?.blank ? 'blank' : 'text';
  });
}

/** Whether most lines are those of emails that we sent. */
function isMostlyOurs(lines: readonly Line[], { text, others = [] }: ReplyContext): boolean {
  const ours = [text, ...others].flatMap((each) => indexAnswered(each) ?? []);
  const shown = lines.filter((line) => !line.blank);
  return shown.filter((line) => ours.some((one) => one.origin(line) === 'quoted')).length * 2 > shown.length;
}

// Four shared objects, to save memory for long messages.
const VERDICTS = [false, true].map((kept) => [false, true].map((own): Verdict => ({ kept, own })));

function verdict(kept: boolean, own: boolean): Verdict {
  return VERDICTS[Number(kept)]?.[Number(own)] ?? { kept, own };
}

function runs(labels: readonly Label[], end: number): Run[] {
  const found: Run[] = [];
  for (let i = 0; i < end; i++) {
    const value = labels[i];
    const last = found.at(-1);
    if (value === 'notice') continue;
    if (value === 'blank') {
      if (last) last.to = i + 1;
      continue;
    }
    const kind = value === 'text' || value === 'forward' ? value : 'quote';
    if (last?.kind === kind) last.to = i + 1;
    else found.push({ kind, from: i, to: i + 1 });
  }
  return found;
}

/** Drops quotes at the end or above a single answer. Keeps quotes between answers, which explain them. */
function selectRuns(lines: readonly Line[], all: readonly Run[], context: ReplyContext): boolean[] {
  const kept = withoutIntroduction(lines, withoutEnding(lines, all, context));
  const texts = kept.filter((run) => run.kind === 'text');
  const [first, ...below] = texts.length > 1 && texts[0] && isSalutation(lines, texts[0]) ? texts.slice(1) : texts;
  const last = kept.at(-1)?.kind === 'forward' ? null : (below.at(-1) ?? first);
  const onTop = first === kept[0];
  const inside = all.at(-1)?.kind === 'quote' && all.at(-1) !== first;
  const quotesMatter = onTop
    ? below.some((run) => run !== all.at(-1) || !isGreeting(lines.slice(run.from, run.to)))
    : below.length > 0 || inside;
  const keep: boolean[] = [];
  for (const run of kept) {
    if (run.kind === 'quote' && !quotesMatter) continue;
    const own = run === last ? trimSignature(lines.slice(run.from, run.to), context) : null;
    for (let i = run.from; i < run.to; i++) keep[i] = own?.[i - run.from] ?? true;
  }
  return keep;
}

// "Hello Ann," above a quote that is answered below it: not an answer by itself.
function isSalutation(lines: readonly Line[], { from, to }: Run): boolean {
  const [first, ...more] = lines.slice(from, to).filter((line) => !line.blank);
  return (
    first !== undefined && more.length === 0 && GREETING.test(first.text) && first.text.split(/\s+/, 6).length <= 5
  );
}

// Text typed into a quote, below its attribution and above all that is quoted, is on top.
function withoutIntroduction(lines: readonly Line[], kept: Run[]): Run[] {
  const [lead, next] = kept;
  if (lead?.kind !== 'quote' || next?.kind !== 'text') return kept;
  const begin = nextShown(lines, lead.from);
  const end = begin + Math.max(attributionAt(lines, begin), isIntroduction(lines[begin]) ? 1 : 0);
  const isAll = end > begin && lines.slice(end, lead.to).every((line) => line.blank);
  return isAll && (lines[next.from]?.depth ?? 0) > 0 ? kept.slice(1) : kept;
}

// Removes quotes, and endings below them, from the end.
function withoutEnding(lines: readonly Line[], all: readonly Run[], context: ReplyContext): Run[] {
  const kept = [...all];
  for (let last = kept.at(-1); last; last = kept.at(-1)) {
    const hasMore = kept.some((run) => run.kind === 'text' && run !== last);
    const isEnding = () => isOnlyEnding(lines.slice(last.from, last.to), lines[last.from - 1], context);
    if (last.kind === 'forward' || (last.kind === 'text' && !(hasMore && isEnding()))) break;
    kept.pop();
  }
  return kept;
}

// "Regards, Roman" below a quote is not an answer to it.
function isGreeting(run: readonly Line[]): boolean {
  const shown = run.filter((line) => !line.blank);
  return shown.length <= 3 && shown.every(({ text }) => CLOSING.test(text) || isFullName(text) || isFirstName(text));
}
