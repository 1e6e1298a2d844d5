import { Parser } from 'htmlparser2';
import { escapeHtml } from '../reply/tags.js';

const HIDDEN = new Set(['script', 'style', 'title', 'head', 'template', 'noscript']);
const MOST = 200_000;
// Short of this two wordings may differ by what one of them says of links and images.
const SHARE = 0.75;

/** Plain text as HTML, for a body that has both in turn. */
export function textToHtml(text: string): string {
  const paragraphs = text.trim().split(/\n{2,}/);
  return paragraphs.map((each) => `<p>${escapeHtml(each).replaceAll('\n', '<br>')}</p>`).join('');
}

/** The words of text/enriched (RFC 1896) without its marks. */
export function unenriched(text: string): string {
  return text
    .replace(/<param>[^<]{0,200}<\/param>/gi, '')
    .replace(/<\/?[a-z][a-z-]{0,60}>/gi, '')
    .replaceAll('<<', '<');
}

/**
 * Whether the text and the HTML of a message say about the same. Each reader sees one of them alone: a message that tells one reader
 * "approve" and the other "do not approve" must not pass unnoticed. Addresses are left aside, since only one of the two may spell them out.
 */
export function saysTheSame(text: string, html: string): boolean {
  const [plain, shown] = [wordsOf(text.slice(0, MOST)), wordsOf(visible(html.slice(0, MOST)))];
  if (plain.size === 0 || shown.size === 0) return true;
  const common = [...plain].filter((word) => shown.has(word)).length;
  return common / plain.size >= SHARE && common / shown.size >= SHARE;
}

function wordsOf(text: string): Set<string> {
  const plain = text.replace(/\[(?:image|cid)[^\]\n]{0,300}\]/gi, ' ').split(/[\s<>()[\]]+/);
  const words = plain.filter((word) => !word.includes('@') && !/^(?:https?:|mailto:|cid:|www\.)/i.test(word));
  return new Set(
    words
      .join(' ')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
  );
}

function visible(html: string): string {
  const words: string[] = [];
  let hidden = 0;
  const parser = new Parser({
    onopentag: (name) => {
      if (HIDDEN.has(name)) hidden += 1;
      words.push(INLINE.has(name) ? '' : ' ');
    },
    ontext: (text) => {
      if (hidden === 0) words.push(text);
    },
    onclosetag: (name) => {
      if (HIDDEN.has(name)) hidden -= 1;
      words.push(INLINE.has(name) ? '' : ' ');
    },
  });
  parser.end(html);
  return words.join('');
}

const INLINE = new Set('a abbr b big em font i ins mark s small span strike strong sub sup tt u wbr'.split(' '));
