import type { ReplyContext } from '../quotes/answered_email.js';
import type { Line } from '../line.js';
import { CLOSING, isDeviceLine, LEGAL, LIST_FOOTER, SCANNER, THIS_MESSAGE } from './ending_phrases.js';
import { isCardLine, paragraphsIn } from './said_below.js';
import { isContact, isFirstName, isFullName, isOneOf, isSentence } from './sender_names.js';

const SIGNATURE_START = /^[\s]*(?:--\s?$|_{2,}\s*$)/;
const LINK_LINE = /^\W*(?:\[?\d{1,3}[\].:)]\s*)?<?(?:https?:\/\/|mailto:|www\.)\S+>?\s*$/i;
const FOOTER_HEADING = new RegExp(
  '^\\W*(?:(?:legal |e-?mail )?disclaimer|confidentiality(?: notice)?|haftungsausschluss|vertraulichkeitshinweis|' +
    'avis (?:de confidentialité|légal)|aviso legal|clause de non-responsabilité)\\W*$',
  'iu',
);
const RULE = /^[-_=—–*~━─\s]{2,}$/;

/**
 * Whether what stands below the last quote says nothing: a signature, a list of links, a footer, or a quoted line that
 * was wrapped. It is judged by itself, or it would keep the whole quote.
 */
export function isOnlyEnding(run: readonly Line[], above: Line | undefined, context: ReplyContext): boolean {
  const first = run.find((line) => !line.blank);
  if (!first) return true;
  if ((SIGNATURE_START.test(first.text) || first.mark === 'signature') && run.length <= 30) return true;
  if (isWrappedPiece(run, above)) return true;
  const paragraphs = paragraphsIn(run, 0, run.length).map(({ from, to }) => run.slice(from, to));
  return (
    paragraphs.length <= 8 &&
    paragraphs.every(
      (paragraph, i) => isEnding(paragraph, i, context) || (i + 1 < paragraphs.length && isHeading(paragraph)),
    )
  );
}

function isEnding(paragraph: readonly Line[], nth: number, { sender }: ReplyContext): boolean {
  const [first] = paragraph;
  if (!first) return true;
  const text = paragraph
    .map((line) => line.text)
    .join(' ')
    .slice(0, 6000);
  if (isLinkList(paragraph)) return true;
  if (
    LIST_FOOTER.test(first.text.slice(0, 300)) ||
    paragraph.every(({ text }) => text.length < 400 && isDeviceLine(text))
  )
    return true;
  if (THIS_MESSAGE.test(text) && new Set(text.toLowerCase().match(LEGAL)).size >= 2) return true;
  if (SCANNER.test(text) && text.length < 500) return true;
  return isSignedOff(paragraph, nth, sender ?? null);
}

// "Disclaimer", above one.
const isHeading = ([first, ...more]: readonly Line[]) =>
  first !== undefined && more.length === 0 && first.text.length < 60 && FOOTER_HEADING.test(first.text);

// "Links:", a rule, "[1] https://…": what a client moved out of the text.
const isLinkList = (paragraph: readonly Line[]) =>
  paragraph.some(({ text }) => LINK_LINE.test(text.slice(0, 500))) &&
  paragraph.every(({ text }, i) => {
    const line = text.slice(0, 500);
    return LINK_LINE.test(line) || RULE.test(line) || (i === 0 && line.length < 30 && /^\W*\p{L}+\W*:$/u.test(line));
  });

// "Maya Chen / +1 555 …": the sender's name and a card; a closing alone is what somebody wrote below the quote.
function isSignedOff(paragraph: readonly Line[], nth: number, sender: string | null): boolean {
  const isOwn = ({ text }: Line) => (isFullName(text) || isFirstName(text)) && isOneOf(text, sender);
  const [first] = paragraph.filter(({ text }) => !CLOSING.test(text));
  if (!first || paragraph.length > 8 || paragraph.some(isSentence)) return false;
  return (
    (nth > 0 || isOwn(first)) && paragraph.some(isContact) && paragraph.every((line) => isOwn(line) || isCardLine(line))
  );
}

// A relay wrapped the quote: the last piece of its last sentence has no mark.
function isWrappedPiece(run: readonly Line[], above: Line | undefined): boolean {
  const shown = run.filter((line) => !line.blank);
  const [first] = shown;
  if (!above || above.blank || !first || first !== run[0] || shown.length > 1) return false;
  return above.raw.length >= 65 && !/[.!?:]$/.test(above.text) && first.text.length < 80 && /^\p{Ll}/u.test(first.text);
}
