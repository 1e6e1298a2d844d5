import { isBlankAt } from '../line.js';
import type { Line } from '../line.js';
import { CLOSING, LIST_FOOTER } from './ending_phrases.js';
import { isCardLine, isPostscript, isSaid } from './said_below.js';
import { isSentence, isShort, isSignatureLine, LIST_ITEM, matchesSender, MAX_SIGNATURE_LINE } from './sender_names.js';
import { isContactBlock, isNamed, isProse, isSignedBy, looksLikeSignature } from './signed.js';

const DELIMITER = /^\s*(?:-{2,}|—{1,}|–{2,}|_{2,}|[━─═＝―ー＿＊☆★◇◆□■]{4,})\s*$/;
// More often above a mailing list's footer: a signature only if a name follows.
const ORNAMENT = /^\s*(?:\*{3,}|={3,}|~{3,}|#{3,}|-{5,})\s*$/;
const DASH_NAME = /^[-–—~](?:\s?(?=\p{Lu})|(?=\p{L}))([\p{L}\p{M}'’-]+\.?(?: [\p{L}\p{M}'’-]+\.?){0,2})!?$/u;
const MAX_LINES = 25;

/** Finds where an ending of one kind begins above `end`; null if there is none. */
export type Finder = (run: readonly Line[], end: number, name: string | null) => number | null;

/** Returns the end without trailing blank lines and dividers. */
export function trimEnd(run: readonly Line[], from: number): number {
  let end = from;
  while (end > 0) {
    const line = run[end - 1];
    if (line && !line.blank && !(line.text.length < 200 && /^[-_=—–*━─═＝―ー＿\s]{2,}$/.test(line.text))) break;
    end -= 1;
  }
  return end;
}

// The class only proposes: sentences at its beginning were typed into it.
export function markedByClient(run: readonly Line[], end: number): number | null {
  let at = run.findIndex((line, i) => i < end && line.mark === 'signature' && !line.blank);
  for (let first = at; at >= 0 && at < end && (isTyped(run[at]) || (at > first && saysOn(run[at])));) at += 1;
  if (at < 0 || at >= end || run[at]?.mark !== 'signature') return null;
  const others = run.slice(at, end).filter((line) => line.mark !== 'signature' && !line.blank);
  return others.every((line) => line.text.length < MAX_SIGNATURE_LINE) ? at : null;
}

const isTyped = (line: Line | undefined) => line !== undefined && !line.blank && isSentence(line) && !isCardLine(line);

// Below a sentence a shorter one is said, too.
const saysOn = (line: Line | undefined) =>
  line !== undefined && /\p{L}{2} .{0,60}\p{L}{2} .{0,60}[\p{L}\d]{2}[.!?]$/u.test(line.text) && !isCardLine(line);

export function delimited(run: readonly Line[], end: number, name: string | null): number | null {
  const first = Math.max(0, end - MAX_LINES);
  // Rules above the one delimiter that all programs know divide what is said.
  for (let i = Math.max(first, run.slice(first, end).findLastIndex(({ raw }) => raw === '-- ') + first); i < end; i++) {
    const line = run[i];
    if (!line || line.mark === 'rule' || line.text.length > 200) continue;
    const below = run.slice(i + 1, end).filter((each) => !each.blank);
    if (ORNAMENT.test(line.text) && isNamed(below, name)) return i;
    if (!DELIMITER.test(line.text)) continue;
    if (below.length <= 15 && LIST_FOOTER.test(below[0]?.text.slice(0, 200) ?? '')) return i;
    if (
      line.raw === '-- '
        ? below.length <= 20
        : line.text === '--'
          ? below.length <= 12 && below.every(isShort) && !isProse(below) && !isSaid(below)
          : looksLikeSignature(below, name)
    )
      return i;
  }
  return null;
}

export function closing(run: readonly Line[], end: number, name: string | null): number | null {
  for (let i = end - 1; i >= 0 && i > end - 18; i--) {
    const line = run[i];
    if (!line || line.text.length > MAX_SIGNATURE_LINE || !CLOSING.test(line.text)) continue;
    const below = run.slice(i + 1, end).filter((each) => !each.blank);
    const first = below[0];
    if (!first || below.length > 10 || !below.every((each) => isSignatureLine(each) || isPostscript(each))) continue;
    if (isSignedBy(first.text, line.text, name)) return i;
  }
  return null;
}

export function dashName(run: readonly Line[], end: number, name: string | null): number | null {
  const line = run[end - 1];
  const signed = line && DASH_NAME.exec(line.text)?.[1];
  if (!signed || !matchesSender(signed, name)) return null;
  const before = run.slice(Math.max(0, end - 8), end - 1).findLast((each) => !each.blank);
  return before && !LIST_ITEM.test(before.raw) && !before.text.endsWith(':') ? end - 1 : null;
}

// Looks for a name followed mostly by contact details in the last paragraphs. Text after a colon is an answer.
export function contacts(run: readonly Line[], end: number, name: string | null): number | null {
  let found: number | null = null;
  let start = end;
  for (let paragraphs = 0; paragraphs < 3 && start > 0; paragraphs++) {
    while (start > 0 && isBlankAt(run, start - 1)) start -= 1;
    while (start > 0 && !isBlankAt(run, start - 1) && end - start <= 16) start -= 1;
    const block = run.slice(start, end).filter((line) => !line.blank);
    if (block.length > 14 || !block.every(isSignatureLine)) break;
    const before = run[trimEnd(run, start) - 1];
    if (before && !before.text.endsWith(':') && isContactBlock(block, name)) found = start;
  }
  return found;
}
