import type { ReplyContext } from './quotes/answered_email.js';
import { labelLines } from './labels.js';
import type { Label } from './label.js';
import { labelOurs } from './quotes/quoted_ours.js';
import type { Line } from './line.js';
import { isFirstName, isFullName } from './endings/sender_names.js';
import { keptLines } from './endings/signature_block.js';
import { CLOSING } from './phrases.js';

interface Run {
  readonly kind: 'text' | 'quote' | 'forward';
  readonly from: number;
  to: number;
}

/**
 * What is known of a line in the end: whether it is kept, and whether it is the sender's own rather than a quote that
 * explains it.
 */
export interface Verdict {
  readonly kept: boolean;
  readonly own: boolean;
}

/** Says for each line whether the sender newly wrote it, or answered it in place. */
export function decide(lines: readonly Line[], context: ReplyContext): Verdict[] {
  const labels = labelOurs(lines, labelLines(lines, context), context.text);
  const rest = labels.indexOf('rest');
  const keep = keepRuns(lines, runs(labels, rest < 0 ? lines.length : rest), context);
  // Nothing but a quote that nobody introduces: it may be all the sender says.
  const all = !keep.includes(true) && lines.every((line) => line.depth > 0 || line.blank);
  return lines.map((_, i) => verdict(all || (keep[i] ?? false), labels[i] === 'text'));
}

// The same four objects for however many lines.
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

/**
 * Decides on the sequence: a quote at the end is cut; one above a single answer is cut; quotes between answers stay,
 * since the answers would not be understood without them.
 */
function keepRuns(lines: readonly Line[], all: readonly Run[], context: ReplyContext): boolean[] {
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
    const own = run === last ? keptLines(lines.slice(run.from, run.to), context) : null;
    for (let i = run.from; i < run.to; i++) keep[i] = own?.[i - run.from] ?? true;
  }
  return keep;
}

// Takes quotes, and signatures below them, off the end.
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

const SIGNS = /^[\s]*(?:--\s?$|_{2,}\s*$)/;

// Below the last quote there may be a signature or a list's footer, and nothing else.
function isOnlyEnding(run: readonly Line[]): boolean {
  const first = run.find((line) => !line.blank);
  return first !== undefined && (SIGNS.test(first.text) || first.mark === 'signature') && run.length <= 30;
}

// "Regards, Roman" below a quote answers nothing in it.
function isGreeting(run: readonly Line[]): boolean {
  const shown = run.filter((line) => !line.blank);
  return shown.length <= 3 && shown.every(({ text }) => CLOSING.test(text) || isFullName(text) || isFirstName(text));
}
