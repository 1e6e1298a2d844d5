import { isKnownField } from './header_block.js';
import { isDeviceLine } from '../endings/ending_phrases.js';
import { MAX_PATTERN, nextShown } from '../line.js';
import type { Line } from '../line.js';
import { ADDRESS, DATE, ON, TIME, WROTE } from '../phrases.js';

const ENDS_WROTE = new RegExp(
  `(?:^|[\\s>)\\]"”*])(?:${WROTE})(?:\\s+(?:het volgende geschreven|følgende))?\\s*[:：.]?\\*?\\s*$`,
  'iu',
);
const ONLY_WROTE = new RegExp(`^(?:${WROTE})\\s*[:：]$`, 'iu');
// Chinese and Japanese put no space before the verb.
const ENDS_WROTE_CJK = /(?:写道|寫道|のメール|書きました|のメッセージ|作성|작성)\s*[:：]\s*$/u;
const BEGINS_ON = new RegExp(`^[\\s*>–—-]*(?:${ON})[\\s.,]`, 'iu');
const DASHED = new RegExp(`^-{2,}.{1,200}\\s(?:${WROTE})\\s*:?\\s*-{2,}$`, 'iu');
const GLUED = new RegExp(`(?:\\s|-{2,}\\s?)(?=(?:${ON})\\s.{0,16}\\d)`, 'giu');
const HAS_WROTE = new RegExp(`\\s(?:${WROTE})\\s`, 'iu');
const QUOTING = /^(?:quoting|excerpts from|zitat von)\s/i;
// In the first person: about the sender, not about the author of a quote.
const SELF = /^(?:i|we|ich|wir|je|nous|yo|nosotros|io|noi|ik|wij|eu)\s/i;
// "Ann Lee wrote:", "You wrote:"
const AUTHOR_NAME = /^["“]?\p{Lu}[^\s]*(?:\s+[^\s]+){1,4}$/u;
// A noun with its article or pronoun is nobody's name.
const TOLD = new RegExp(
  '(?:^|[\\s,])(?:' +
    [
      '(?:your|our|my|the|he|she|they|[Ii]hr|unser|mein|dein|kein)(?:e|er|en|em)?\\s+\\p{L}',
      '(?:der|die|das|eine?|jemand|votre|notre|mon|ma|le|la|une?|su|nuestr[oa]|mi|el|un|il|vostr[oa]|nostr[oa])\\s+\\p{Ll}',
      '(?:uw|onze|mijn|de|het|een|min|vår|din|seu|sua|meu|minha|nosso|nossa|ваш|наш|мой|wasz|nasz)\\s+\\p{Ll}',
    ].join('|') +
    ')',
  'u',
);
const MAX_LINES = 5;

/** What follows a line: a quote, a blank line or the end, or more text. */
type Next = 'quote' | 'gap' | 'text';

/**
 * Returns how many lines from `at` form an attribution ("On …, … wrote:") in any language; 0 if there is none. In a
 * `fresh` message, only what is marked is a quote.
 */
export function attributionAt(lines: readonly Line[], at: number, fresh = false): number {
  const first = lines[at];
  if (!first || first.text.length > MAX_PATTERN) return 0;
  let joined = '';
  for (let n = 1; n <= MAX_LINES; n++) {
    const line = lines[at + n - 1];
    if (
      !line ||
      (line.blank && !isSplit(joined)) ||
      (line.depth !== first.depth && !ENDS_WROTE.test(line.text) && line.text !== ':')
    )
      return 0;
    if (n > 1 && (!(mayContinue(first.text) || isNameThenAddress(lines, at)) || isKnownField(line))) return 0;
    joined = `${joined} ${line.text === ':' ? '>:' : line.text}`.trim();
    if (joined.length > MAX_PATTERN) return 0;
    const next = whatFollows(lines, at + n, first.depth);
    if (isAttribution(joined, fresh && next === 'gap' ? 'text' : next))
      return ONLY_WROTE.test(lines[at + n]?.text ?? '') ? n + 1 : n;
  }
  return 0;
}

// "Ann Lee <" or "Ann Lee" above "ann@example.com> wrote …": wrapped after the name.
function isNameThenAddress(lines: readonly Line[], at: number): boolean {
  const [above, first, second] = [lines[at - 1], lines[at], lines[at + 1]];
  if (!first || !second || (above && !above.blank)) return false;
  return /^["“\p{Lu}][^.!?:]{1,58}$/u.test(first.text) && /^<?[^\s<>@]{1,80}@[^\s<>@]{1,255}>/.test(second.text);
}

// Some clients put a blank line between the date and the author.
function isSplit(joined: string): boolean {
  return BEGINS_ON.test(joined) && DATE.test(joined) && TIME.test(joined) && joined.length < 120;
}

/** Splits lines such as "my answer On Mon, … wrote:", where a client appended the attribution to the answer. */
export function splitGlued(lines: readonly Line[]): Line[] {
  return lines.flatMap((line, i) => {
    const device = gluedDevice(lines, i);
    if (device > 0) return [part(line, line.text.slice(0, device)), part(line, line.text.slice(device))];
    if (
      line.blank ||
      line.depth > 0 ||
      line.text.length > MAX_PATTERN ||
      !ENDS_WROTE.test(line.text) ||
      begins(line.text)
    )
      return line;
    if (whatFollows(lines, i + 1, 0) !== 'quote') return line;
    for (const match of line.text.matchAll(GLUED)) {
      const tail = line.text.slice(match.index + match[0].length);
      if (match.index === 0 || !isAttribution(tail, 'quote')) continue;
      const head = line.text.slice(0, match.index).trim();
      // A date alone is not an answer.
      if (head.length < 30 && DATE.test(head)) return line;
      return /[\p{L}\p{N}]/u.test(head) ? [part(line, head), part(line, tail)] : line;
    }
    return line;
  });
}

const GLUED_DEVICE = /Sent from my|Gesendet von meinem|Envoyé de mon|Enviado desde mi|Inviato dal mio/;

// "my answer!Sent from my phone", where the line break before it was lost.
function gluedDevice(lines: readonly Line[], at: number): number {
  const line = lines[at];
  if (!line || line.depth > 0 || line.text.length > MAX_PATTERN || !GLUED_DEVICE.test(line.text)) return 0;
  const glued =
    /[\p{Ll}.!?)]((?:Sent from my|Gesendet von meinem|Envoyé de mon|Enviado desde mi|Inviato dal mio) .{2,80})$/u.exec(
      line.text,
    )?.[1];
  return glued && isDeviceLine(glued) ? line.text.length - glued.length : 0;
}

function isAttribution(text: string, next: Next): boolean {
  if (text.startsWith('--') && DASHED.test(text)) return true;
  const wrote = ENDS_WROTE.test(text) || ENDS_WROTE_CJK.test(text);
  const colon = /[:：]\*?$/.test(text);
  const who = text.includes('@') ? text.search(ADDRESS) : -1;
  if (!wrote && who < 0 && !colon && !QUOTING.test(text)) return false;
  const when = firstOf(text.search(DATE), text.search(TIME));
  if (wrote && who >= 0) return when >= 0 || text.length < 120;
  if (who < 0) return isNameless(text, wrote || (colon && HAS_WROTE.test(text)), when, next);
  if (text.length > 250) return false;
  if (next === 'quote') return colon || (when >= 0 && (begins(text) || text.endsWith('>')));
  return colon && when >= 0 && !SELF.test(text) && ((when < who && when < 30) || HAS_WROTE.test(text));
}

// Enough above a quote: "Ann Lee (09.03.2026 16:02):", "Quoting Ann Lee (…)".
function hasDateAndTime(text: string): boolean {
  return (/[:：]$/.test(text) || QUOTING.test(text)) && DATE.test(text) && TIME.test(text);
}

// Without an address it may be an ordinary sentence ("On Monday we met the architect, who wrote:"), so require more
// evidence.
function isNameless(text: string, wrote: boolean, when: number, next: Next): boolean {
  if (text.length > 150) return false;
  if (
    next === 'quote' &&
    (hasDateAndTime(text) || (wrote && AUTHOR_NAME.test(text) && !/\bsent\b|^please\b/i.test(text)))
  )
    return true;
  if (!wrote || when < 0) return false;
  return next === 'quote' || (next === 'gap' && begins(text) && !/\bsent\b/i.test(text) && !isTold(text));
}

// "On 3 March at 14:10 your driver wrote:" tells what somebody said: clients know only names.
function isTold(text: string): boolean {
  const said = text.replace(/^.*\d/, '');
  return TOLD.test(said) || /(?!\byou\b)\b\p{Ll}{3,}\s+(?:wrote|writes|said)\s*:?$/u.test(said);
}

function firstOf(one: number, other: number): number {
  return one < 0 || other < 0 ? Math.max(one, other) : Math.min(one, other);
}

function begins(text: string): boolean {
  const start = text.slice(0, 40);
  return (BEGINS_ON.test(text) && (DATE.test(text.slice(0, 60)) || TIME.test(start))) || /^[\s*>–—-]*\d/.test(text);
}

// Only a line with a date that doesn't end a sentence may continue on the next line.
function mayContinue(first: string): boolean {
  if (/^-{2,}\s/.test(first) && ADDRESS.test(first)) return true;
  // "Ann Lee <ann@example.com> schrieb am Mo., 9.": wrapped in the middle of the date.
  if (first.includes('@') && /[\d.,]$/.test(first) && ADDRESS.test(first) && HAS_WROTE.test(first)) return true;
  if (!/\d/.test(first) || /(?:[!?]|[^\d]{4}\.)$/.test(first.slice(-5))) return false;
  return BEGINS_ON.test(first) || TIME.test(first) || DATE.test(first);
}

function whatFollows(lines: readonly Line[], from: number, depth: number): Next {
  const line = lines[from];
  if (!line || line.depth > depth) return line ? 'quote' : 'gap';
  if (!line.blank) return 'text';
  const shown = lines[nextShown(lines, from)];
  return shown && shown.depth > depth ? 'quote' : 'gap';
}

function part(line: Line, text: string): Line {
  return { ...line, text, raw: text };
}
