import type { ReplyContext } from '../quotes/answered_email.js';
import type { Line } from '../line.js';
import {
  isShort,
  matchesSender,
  isContact,
  isFirstName,
  isFullName,
  isOneOf,
  isSentence,
  isSignatureLine,
  LINK,
  LIST_ITEM,
  MAX_SIGNATURE_LINE,
  PHONE,
  sameName,
} from './sender_names.js';
import { endingFinder } from './known_endings.js';
import { ADDRESS } from '../phrases.js';
import { CLOSING, DEVICE, GREETING, LEGAL, LIST_FOOTER } from './ending_phrases.js';

const DELIMITER = /^\s*(?:-{2,}|—{1,}|–{2,}|_{2,})\s*$/;
// More often above a mailing list's footer: a signature only if a name follows.
const ORNAMENT = /^\s*(?:\*{3,}|={3,}|~{3,}|#{3,}|-{5,})\s*$/;
/** The names of attached files that Lotus Notes and Outlook add at the very end. */
const ATTACHED = /^(?:-\s.{1,100}\.\p{L}[\p{L}\p{N}]{1,4}|<<.{1,120}>>|\(See attached file: .{1,200}\))$/u;
const DASH_NAME = /^[-–—~](?:\s?(?=\p{Lu})|(?=\p{L}))([\p{L}\p{M}'’-]+\.?(?: [\p{L}\p{M}'’-]+\.?){0,2})!?$/u;
const MAX_LINES = 25;

/**
 * Returns for each line of a run whether to keep it. Removes signatures, closings with a name, device lines, legal
 * footers and the endings of the sender's earlier messages from the end, but never the last visible line.
 */
export function trimSignature(run: readonly Line[], { sender, tails }: ReplyContext): boolean[] {
  const files = trimFiles(run);
  const end = endOfText(run, files, sender ?? null, tails ?? []);
  return run.map((_, i) => i < end || i >= files);
}

// Names of attached files at the end are not part of the signature above them.
function trimFiles(run: readonly Line[]): number {
  let start = run.length;
  for (let i = run.length - 1; i >= 0; i--) {
    const line = run[i];
    if (!line || line.blank) continue;
    if (line.text.length > 250 || !ATTACHED.test(line.text)) break;
    start = i;
  }
  return start;
}

function endOfText(run: readonly Line[], from: number, name: string | null, tails: readonly string[]): number {
  const ending = endingFinder(tails);
  let end = trimEnd(run, from);
  for (let round = 0; round < 6; round++) {
    const cut = [ending, markedByClient, device, delimited, legal, closing, dashName, contacts]
      .map((find) => find(run, end, name))
      .find((at) => at !== null);
    if (cut === undefined || cut === null) break;
    const next = trimEnd(run, cut);
    if (next === 0 && from === run.length) break;
    end = next;
  }
  return end;
}

/** Returns the end without trailing blank lines and dividers. */
function trimEnd(run: readonly Line[], from: number): number {
  let end = from;
  while (end > 0) {
    const line = run[end - 1];
    if (line && !line.blank && !(line.text.length < 200 && /^[-_=—–*\s]{2,}$/.test(line.text))) break;
    end -= 1;
  }
  return end;
}

function markedByClient(run: readonly Line[], end: number): number | null {
  const at = run.findIndex((line, i) => i < end && line.mark === 'signature');
  if (at < 0) return null;
  return run
    .slice(at, end)
    .every((line) => line.mark === 'signature' || line.blank || line.text.length < MAX_SIGNATURE_LINE)
    ? at
    : null;
}

// Some clients put the old message below a device line without marking it; one or two lines without a salutation may
// be a postscript.
function device(run: readonly Line[], end: number, name: string | null): number | null {
  const at = run.findIndex((line, i) => i < end && line.text.length < 400 && DEVICE.test(line.text));
  const above = run[at - 1];
  if (at < 0 || isPostscript(run.slice(at + 1, end).filter((line) => !line.blank))) return null;
  return above && isBlankAt(run, at - 2) && isFullName(above.text) && matchesSender(above.text, name) ? at - 1 : at;
}

function isPostscript(below: readonly Line[]): boolean {
  const [first] = below;
  if (!first || below.length > 2 || below.some((line) => line.text.length > 100 || DEVICE.test(line.text)))
    return false;
  return !GREETING.test(first.text) && !below.every(isSignatureLine);
}

function delimited(run: readonly Line[], end: number, name: string | null): number | null {
  for (let i = Math.max(0, end - MAX_LINES); i < end; i++) {
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
          ? below.length <= 12 && below.every(isShort) && !isProse(below)
          : looksLikeSignature(below)
    )
      return i;
  }
  return null;
}

function legal(run: readonly Line[], end: number): number | null {
  let start = end;
  while (start > 0 && !isBlankAt(run, start - 1)) start -= 1;
  const text = run
    .slice(start, end)
    .map((line) => line.text)
    .join(' ')
    .slice(0, 6000);
  if (text.length < 60 || run.slice(start, end).filter(isLabelled).length >= 2) return null;
  const phrases = new Set(Array.from(text.matchAll(LEGAL), (match) => match[0].toLowerCase()));
  return phrases.size >= 3 ? start : null;
}

// "Terms of use: http://…": a paragraph with labeled contacts is more than a legal footer.
function isLabelled(line: Line): boolean {
  return line.text.length < MAX_SIGNATURE_LINE && /^[\p{L}\s/]{3,30}:\s/u.test(line.text) && isContact(line);
}

function closing(run: readonly Line[], end: number, name: string | null): number | null {
  for (let i = end - 1; i >= 0 && i > end - 18; i--) {
    const line = run[i];
    if (!line || line.text.length > MAX_SIGNATURE_LINE || !CLOSING.test(line.text)) continue;
    const below = run.slice(i + 1, end).filter((each) => !each.blank);
    const first = below[0];
    if (!first || below.length > 10 || !below.every(isSignatureLine)) continue;
    if (isOwnName(first.text, name) || (isFirstName(first.text) && matchesSender(first.text, name))) return i;
  }
  return null;
}

// If the sender's name is unknown, four capitalized words may be a heading.
function isOwnName(text: string, name: string | null): boolean {
  return isFullName(text) && (text.trim().split(/\s+/).length <= 3 || (name !== null && isOneOf(text, name)));
}

function dashName(run: readonly Line[], end: number, name: string | null): number | null {
  const line = run[end - 1];
  const signed = line && DASH_NAME.exec(line.text)?.[1];
  if (!signed || !matchesSender(signed, name)) return null;
  const before = run.slice(Math.max(0, end - 8), end - 1).findLast((each) => !each.blank);
  return before && !LIST_ITEM.test(before.raw) && !before.text.endsWith(':') ? end - 1 : null;
}

// Looks for a name followed mostly by contact details in the last paragraphs. Text after a colon is an answer.
function contacts(run: readonly Line[], end: number, name: string | null): number | null {
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

function isContactBlock(block: readonly Line[], name: string | null): boolean {
  const [first] = block;
  if (first && block.length === 1 && isCard(first, name)) return true;
  if (!first || block.length < 2 || !isSigner(first.text, name, block.length)) return false;
  const kinds = [PHONE, LINK, ADDRESS].filter((pattern) => block.some((line) => pattern.test(line.text))).length;
  const ways = block.filter(isContact).length;
  return sameName(first.text, name) ? ways >= 1 : ways * 3 >= block.length && (kinds >= 2 || ways >= 3);
}

// "Maya Chen | Maple Street Clinic | +1 555 010 2233"
function isCard(line: Line, name: string | null): boolean {
  const [who, ...rest] = line.text.slice(0, 200).split(/\s+[|·•]\s+/);
  return rest.length > 0 && sameName(who ?? '', name) && isContact(line);
}

// Whether all lines are sentences.
function isProse(below: readonly Line[]): boolean {
  return below.length > 0 && below.every((line) => isSentence(line) && !isContact(line));
}

// A first name alone must be the sender's.
function isSigner(text: string, name: string | null, lines: number): boolean {
  if (isFullName(text)) return matchesSender(text, name);
  return lines >= 3 && isFirstName(text) && isOneOf(text, name);
}

function isNamed(below: readonly Line[], name: string | null): boolean {
  const [first] = below;
  return (
    first !== undefined &&
    isFullName(first.text) &&
    matchesSender(first.text, name) &&
    below.some(isContact) &&
    looksLikeSignature(below)
  );
}

function looksLikeSignature(below: readonly Line[]): boolean {
  const [first] = below;
  if (!first || below.length > 12 || below.some((line) => LIST_ITEM.test(line.raw))) return false;
  const prose = below.filter((line) => !isSignatureLine(line) || isSentence(line)).length;
  if (prose === 0 && below.length <= 4 && (isFullName(first.text) || isFirstName(first.text))) return true;
  return prose * 3 <= below.length && below.some(isContact);
}

function isBlankAt(run: readonly Line[], at: number): boolean {
  const line = run[at];
  return !line || line.blank;
}
