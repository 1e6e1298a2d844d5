import sanitizeHtml from 'sanitize-html';
import type { Piece } from './html_lines.js';

const MAX_DEPTH = 200;
const NOT_NESTING = new Set(
  (
    'p li td th tr br img hr meta link input col option dd dt area base wbr source track param embed rt rp optgroup ' +
    'thead tbody tfoot html head body'
  ).split(' '),
);
const TAGS = /<(\/?)([a-zA-Z][a-zA-Z0-9:-]*)[^>]*>?/g;

/** Removes tags nested deeper than in real mail, which make HTML parsers slow or fail. Keeps the text. Linear time. */
export function flatten(html: string): string {
  let depth = 0;
  return html.replace(TAGS, (tag: string, slash: string, name: string) => {
    if (NOT_NESTING.has(name.toLowerCase())) return tag;
    if (slash === '') return ++depth > MAX_DEPTH ? ' ' : tag;
    if (depth === 0) return tag;
    return depth-- > MAX_DEPTH ? ' ' : tag;
  });
}

/** Returns the kept lines as HTML, sanitized by an allow-list: no styles or images, links only to allowed schemes. */
export function cleanHtml(pieces: readonly Piece[], kept: ReadonlySet<number>): string {
  const html = pieces.filter((piece) => piece.line === null || kept.has(piece.line)).map((piece) => piece.html);
  return sanitizeHtml(html.join(''), {
    allowedTags: (
      'a b strong i em u s del code pre p div br ul ol li blockquote h1 h2 h3 h4 h5 h6 ' +
      'table thead tbody tr th td hr sub sup span'
    ).split(' '),
    allowedAttributes: { a: ['href', 'rel'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    nestingLimit: MAX_DEPTH,
    transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow ugc' }) },
    exclusiveFilter: (frame) => EMPTY.has(frame.tag) && frame.text.trim() === '' && frame.mediaChildren.length === 0,
  }).trim();
}

const EMPTY = new Set(
  'a b strong i em u s del code pre p ul ol li blockquote h1 h2 h3 h4 h5 h6 table thead tbody tr th td span'.split(' '),
);
