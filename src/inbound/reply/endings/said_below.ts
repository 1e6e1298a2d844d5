import type { Line } from '../line.js';
import { isDeviceLine, LEGAL, SCANNER } from './ending_phrases.js';
import { isContact, isFullName, isSentence } from './sender_names.js';

const POSTSCRIPT =
  /^[\s*_]*(?:p\.?\s?){1,3}s\.?(?:\s?[:.,;–—-]|\s(?=\p{Lu})|$)|^[\s*_]*(?:p\.\s?d\.|n\.\s?b\.|nb\s?:|пс[:.\s]|post ?scriptum)/iu;
/** A company, a job, or the part of an address: none of them is what somebody wants to say. */
const CARD = new RegExp(
  '(?:^|[^\\p{L}])(?:' +
    [
      'gmbh|ag|kg|ohg|ug|e\\.k\\.|inc|llc|llp|ltd|limited|corp|co\\.|plc|s\\.?a\\.?r?\\.?l?\\.?|s\\.?p\\.?a\\.?|b\\.?v\\.?|oy|ab|a/s|aps|s\\.r\\.o\\.|a\\.s\\.|sp\\. z o\\.o\\.|株式会社|有限公司',
      'managers?|director|president|officer|ceo|cfo|coo|cto|vp|head of|assistant|engineer|consultant|partner|owner|founder|lead',
      'geschäftsführer(?:in)?|leiter(?:in)?|leitung|inhaber(?:in)?|prokurist(?:in)?|abteilung|directeur|directrice|gérant|responsable|chargée?',
      'street|st\\.|road|rd\\.?|avenue|ave\\.?|lane|drive|suite|floor|boulevard|blvd\\.?|box|building|straße|strasse|str\\.|gasse|platz|allee|weg|postfach',
      'rue|bd|chemin|place|impasse|via|viale|piazza|calle|plaza|avda\\.?|rua|ul\\.|ulica|straat|laan|gatan|vägen|vej|gade|cedex|étage',
      'vat|ust|hrb|amtsgericht|handelsregister|siret|siren|tva|p\\.? ?iva|nif|cif|kvk|iban|bic|registered|sitz der',
    ].join('|') +
    ')(?![\\p{L}])',
  'iu',
);
const SMALL =
  /^(?:of|and|the|for|at|in|on|to|by|an?|de|du|des|la|le|les|et|von|van|der|den|und|für|y|e|da|do|di|del|og|och|i|w|z|&|\||[-–—·•,/])$/iu;

/** Whether a line begins a postscript. */
export const isPostscript = ({ text }: Line): boolean => POSTSCRIPT.test(text.slice(0, 40));

/** Whether a line can be part of a signature and is nothing that somebody says. */
export function isCardLine(line: Line): boolean {
  const text = line.text.slice(0, 300);
  if (isPostscript(line)) return false;
  if (isContact(line) || isDeviceLine(text) || SCANNER.test(text) || /^[^\p{L}\p{N}]*$/u.test(text)) return true;
  if (isSentence(line)) return [...text.matchAll(LEGAL)].length > 0;
  return isFullName(text) || CARD.test(text) || isTitle(text);
}

// "Maple Street Clinic", "Vice President of Sales": nothing but capitalised words; a figure says something.
function isTitle(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => !SMALL.test(word));
  return words.length > 0 && words.every((word) => /^[^\p{L}\p{N}]*(?:\p{Lu}|\p{Lo}|\d{4,6}$)/u.test(word));
}

/** Whether a paragraph below a name says something: a fact, an instruction, a sentence. */
export function isSaid(paragraph: readonly Line[]): boolean {
  const shown = paragraph.filter((line) => !line.blank);
  const [first] = shown;
  if (first && isPostscript(first)) return true;
  return shown.length > 0 && shown.length <= 6 && !shown.some(isCardLine) && shown.some(saysSomething);
}

// Several words of which not all are names, or a figure with a word.
function saysSomething({ text }: Line): boolean {
  const words = text.slice(0, 300).split(/\s+/);
  const small = words.filter((word) => /^[("'*]*\p{Ll}/u.test(word)).length;
  return (
    small >= 2 || (small >= 1 && /\d/.test(text)) || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Thai}]{6}/u.test(text)
  );
}

/** The paragraphs between two lines, as ranges. A client's mark begins a paragraph, too. */
export function paragraphsIn(run: readonly Line[], from: number, to: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let last: { from: number; to: number } | undefined;
  for (let i = from; i < to; i++) {
    const line = run[i];
    if (!line || line.blank) last = undefined;
    else if (last && run[i - 1]?.mark === line.mark && !isPostscript(line)) last.to = i + 1;
    else found.push((last = { from: i, to: i + 1 }));
  }
  return found;
}
