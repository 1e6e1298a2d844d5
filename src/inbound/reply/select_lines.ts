import type { ReplyContext } from './quotes/answered_email.js';
import { labelLines } from './labels.js';
import type { Label } from './label.js';
import { labelUnmarkedQuote } from './quotes/quoted_ours.js';
import type { Line } from './line.js';
import { isFirstName, isFullName } from './endings/sender_names.js';
import { trimSignature } from './endings/signature_block.js';
import { CLOSING } from './endings/ending_phrases.js';

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
  const labels = labelUnmarkedQuote(lines, labelLines(lines, context), context.text);
  const rest = labels.indexOf('rest');
  const keep = selectRuns(lines, runs(labels, rest < 0 ? lines.length : rest), context);
  // A message that consists only of a quote without attribution may be what the sender wants to say.
  const all = !keep.includes(true) && lines.every((line) => line.depth > 0 || line.blank);
  return lines.map((_, i) => verdict(all || (keep[i] ?? false), labels[i] === 'text'));
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
  const kept = withoutEnding(lines, all);
  const texts = kept.filter((run) => run.kind === 'text');
  const [first, ...below] = texts;
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

// Removes quotes, and signatures below them, from the end.
function withoutEnding(lines: readonly Line[], all: readonly Run[]): Run[] {
  const kept = [...all];
  for (let last = kept.at(-1); last; last = kept.at(-1)) {
    const hasMore = kept.some((run) => run.kind === 'text' && run !== last);
    if (
      last.kind === 'forward' ||
      (last.kind === 'text' && !(hasMore && isOnlyEnding(lines.slice(last.from, last.to))))
    )
      break;
    kept.pop();
  }
  return kept;
}

const SIGNATURE_START = /^[\s]*(?:--\s?$|_{2,}\s*$)/;

// Whether a run below the last quote is only a signature or a mailing list's footer.
function isOnlyEnding(run: readonly Line[]): boolean {
  const first = run.find((line) => !line.blank);
  return first !== undefined && (SIGNATURE_START.test(first.text) || first.mark === 'signature') && run.length <= 30;
}

// "Regards, Roman" below a quote is not an answer to it.
function isGreeting(run: readonly Line[]): boolean {
  const shown = run.filter((line) => !line.blank);
  return shown.length <= 3 && shown.every(({ text }) => CLOSING.test(text) || isFullName(text) || isFirstName(text));
}
