import type { ReplyContext } from './quotes/answered_email.js';
import { attributionAt } from './quotes/attribution.js';
import { bannerLines } from './endings/gateway_banner.js';
import { relabelCitations } from './quotes/citations.js';
import {
  beginsForward,
  headerBlockAt,
  isDivider,
  isOriginalDivider,
  isReplyAbove,
  isVagueHeader,
} from './quotes/header_block.js';
import type { Draft, Label } from './label.js';
import { nextShown } from './line.js';
import type { Line } from './line.js';
import { ADDRESS, DATE, FORWARD_SUBJECT, REPLY_SUBJECT, TIME } from './phrases.js';
import { notesHeaderStart } from './quotes/lotus_notes.js';
import { wrapDetector } from './quotes/wrapped.js';

/** Labels every line of a message by its content and the lines around it. */
export function labelLines(lines: readonly Line[], context: ReplyContext): Label[] {
  const fresh = isFresh(context);
  return resolveAttributions(lines, relabelCitations(lines, draft(lines, context), context.text, fresh));
}

/** Whether a message answers nothing: then no client put a quote into it. */
const isFresh = ({ answers, subject = '' }: ReplyContext): boolean =>
  answers === undefined ? subject !== '' && !REPLY_SUBJECT.test(subject) : !answers;

// "VS:" is a forwarded message in Norway, and an answer in Finland: then what is answered is known.
const isForwardSubject = ({ subject = '', text, answers }: ReplyContext): boolean =>
  FORWARD_SUBJECT.test(subject) && !(answers === true && text !== undefined && REPLY_SUBJECT.test(subject));

function draft(lines: readonly Line[], context: ReplyContext): Draft[] {
  const labels: Draft[] = lines.map((line) =>
    line.blank && line.depth === 0 ? 'blank' : line.depth > 0 ? 'quote' : 'text',
  );
  const isForwarded = isForwardSubject(context);
  const fresh = isFresh(context);
  const isWrapped = wrapDetector(lines);
  const banner = bannerLines(lines);
  labels.fill('notice', 0, banner);
  for (let i = banner; i < lines.length; i++) {
    const line = lines[i];
    if (!line) break;
    if (line.mark === 'rest') return fill(labels, i, lines.length, isForwarded ? 'forward' : 'rest');
    if (line.blank) continue;
    if (isForward(lines, labels, i)) return fill(labels, i, lines.length, 'forward');
    if (isGroupWise(line.raw) || (line.depth === 0 && (isOriginalDivider(line.text) || isReplyAbove(lines, i))))
      return fill(labels, i, lines.length, isForwarded ? 'forward' : 'rest');
    if (line.depth === 0 && headerBlockAt(lines, i) > 0)
      return fill(
        labels,
        headerStart(lines, i),
        lines.length,
        isForwarded || (fresh && isVagueHeader(lines, i)) ? 'forward' : 'rest',
      );
    const count = Math.max(attributionAt(lines, i, fresh), isMarkedAttribution(lines, i) ? 1 : 0);
    if (count > 0) fill(labels, i, i + count, line.depth > 0 ? 'quote' : 'attribution');
    else if (labels[i - 1] === 'quote' && isWrapped(i)) labels[i] = 'quote';
    i += Math.max(0, count - 1);
  }
  return labels;
}

// The words between dashes above a header block belong to it, whatever their language.
function headerStart(lines: readonly Line[], at: number): number {
  for (let i = at - 1; i >= 0 && i >= at - 3; i--) {
    if (isDivider(lines[i])) return i;
    if (!lines[i]?.blank) break;
  }
  return notesHeaderStart(lines, at);
}

// Some programs put the new text into a client's container for quotes: its first line must be an attribution, too.
function isMarkedAttribution(lines: readonly Line[], at: number): boolean {
  const line = lines[at];
  if (line?.mark !== 'attribution' || line.text.length > 500) return false;
  const next = lines[nextShown(lines, at + 1)];
  if (!next || next.depth > line.depth || next.mark === 'attribution') return true;
  return /[:：>]$/.test(line.text) || ADDRESS.test(line.text) || (DATE.test(line.text) && TIME.test(line.text));
}

// Some clients quote the forwarded message: then the divider is the first line of the quote.
function isForward(lines: readonly Line[], labels: readonly Draft[], at: number): boolean {
  const line = lines[at];
  if (!line || (line.mark !== 'forward' && !beginsForward(lines, at))) return false;
  if (line.depth === 0) return true;
  for (let i = at - 1; i >= 0; i--) if (!lines[i]?.blank) return labels[i] === 'text';
  return true;
}

function fill(labels: Draft[], from: number, to: number, value: Draft): Draft[] {
  for (let i = from; i < to && i < labels.length; i++)
    if (labels[i] !== 'blank' || value === 'rest' || value === 'forward') labels[i] = value;
  return labels;
}

/** Novell GroupWise: `>>> Ann Lee <ann@example.com> 12/14/00 08:47AM >>>`. */
function isGroupWise(raw: string): boolean {
  return raw.length < 300 && /^\s*>>> ?[^>].*\d{1,2}:\d{2}.*>>>\s*$/.test(raw);
}

/** An attribution without a marked quote below it starts an unmarked quote, which runs to the end. */
function resolveAttributions(lines: readonly Line[], labels: readonly Draft[]): Label[] {
  const resolved: Label[] = [];
  let rest = false;
  for (const [i, label] of labels.entries()) {
    if (label === 'attribution' && !rest) rest = !hasQuoteBelow(lines, labels, i + 1);
    if (rest) resolved.push('rest');
    else resolved.push(label === 'attribution' ? 'quote' : label);
  }
  return resolved;
}

// An empty quoted line (">") counts too. If nothing follows, the client omitted the quote.
function hasQuoteBelow(lines: readonly Line[], labels: readonly Draft[], from: number): boolean {
  for (let i = from; i < labels.length; i++) {
    const label = labels[i];
    if ((lines[i]?.depth ?? 0) > 0 || label === 'attribution') return true;
    if (label !== 'blank') return false;
  }
  return true;
}
