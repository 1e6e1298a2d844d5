import type { ReplyContext } from './quotes/answered_email.js';
import { attributionAt } from './quotes/attribution.js';
import { bannerLines } from './endings/gateway_banner.js';
import { relabelCitations } from './quotes/citations.js';
import { beginsForward, headerBlockAt, isOriginalDivider, isReplyAbove } from './quotes/header_block.js';
import type { Draft, Label } from './label.js';
import type { Line } from './line.js';
import { FORWARD_SUBJECT } from './phrases.js';
import { notesHeaderStart } from './quotes/lotus_notes.js';
import { wrapDetector } from './quotes/wrapped.js';

/** Labels every line of a message by its content and the lines around it. */
export function labelLines(lines: readonly Line[], context: ReplyContext): Label[] {
  return resolveAttributions(lines, relabelCitations(lines, draft(lines, context), context.text));
}

function draft(lines: readonly Line[], context: ReplyContext): Draft[] {
  const labels: Draft[] = lines.map((line) =>
    line.blank && line.depth === 0 ? 'blank' : line.depth > 0 ? 'quote' : 'text',
  );
  const isForwarded = FORWARD_SUBJECT.test(context.subject ?? '');
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
      return fill(labels, notesHeaderStart(lines, i), lines.length, isForwarded ? 'forward' : 'rest');
    const count = Math.max(attributionAt(lines, i), line.mark === 'attribution' ? 1 : 0);
    if (count > 0) fill(labels, i, i + count, line.depth > 0 ? 'quote' : 'attribution');
    else if (labels[i - 1] === 'quote' && isWrapped(i)) labels[i] = 'quote';
    i += Math.max(0, count - 1);
  }
  return labels;
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
