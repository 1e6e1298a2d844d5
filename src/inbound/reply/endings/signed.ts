import type { Line } from '../line.js';
import { ADDRESS } from '../phrases.js';
import { ANSWER, CLOSING, THANKS } from './ending_phrases.js';
import {
  isContact,
  isFirstName,
  isFullName,
  isOneOf,
  isSentence,
  isSignatureLine,
  LINK,
  LIST_ITEM,
  matchesSender,
  PHONE,
  sameName,
} from './sender_names.js';

// "Thanks!" may begin an answer, and "Approved" below it is one: then the name must be known.
export function isSignedBy(text: string, closing: string, name: string | null): boolean {
  if (ANSWER.test(text) && !isOneOf(text, name)) return false;
  const isWeak = THANKS.test(closing) && /[!.]\W*$/.test(closing);
  if (isFirstName(text)) return isWeak ? isLikelyFirst(text, name) : matchesSender(text, name);
  return isOwnName(text, name) && (!THANKS.test(closing) || matchesSender(text, name));
}

// If the sender's name is unknown, four capitalized words may be a heading.
function isOwnName(text: string, name: string | null): boolean {
  return isFullName(text) && (text.trim().split(/\s+/).length <= 3 || (name !== null && isOneOf(text, name)));
}

export function isContactBlock(block: readonly Line[], name: string | null): boolean {
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
export function isProse(below: readonly Line[]): boolean {
  return below.length > 0 && below.every((line) => isSentence(line) && !isContact(line));
}

// A first name alone must be the sender's.
function isSigner(text: string, name: string | null, lines: number): boolean {
  if (isFullName(text)) return matchesSender(text, name);
  return lines >= 3 && isFirstName(text) && isOneOf(text, name);
}

// The sender's first name; if nobody knows that, a word that is no answer.
function isLikelyFirst(text: string, name: string | null): boolean {
  return name?.trim().includes(' ')
    ? isOneOf(text, name)
    : isFirstName(text) && /^\W*\p{Lu}/u.test(text) && !ANSWER.test(text);
}

export function isNamed(below: readonly Line[], name: string | null): boolean {
  const [first] = below;
  return (
    first !== undefined &&
    isFullName(first.text) &&
    matchesSender(first.text, name) &&
    below.some(isContact) &&
    looksLikeSignature(below, name)
  );
}

export function looksLikeSignature(below: readonly Line[], name: string | null): boolean {
  const [first] = below;
  if (!first || below.length > 12 || below.some((line) => LIST_ITEM.test(line.raw))) return false;
  // A closing further down says that the text goes on to there.
  if (below.some(({ text }, i) => i > 0 && text.length < 70 && CLOSING.test(text))) return false;
  const prose = below.filter((line) => !isSignatureLine(line) || isSentence(line)).length;
  // A ruled line may divide anything: then the name must be the sender's.
  const isName = isFullName(first.text) ? matchesSender(first.text, name) : isLikelyFirst(first.text, name);
  if (prose === 0 && below.length <= 4 && isName) return true;
  return prose * 3 <= below.length && below.some(isContact);
}
