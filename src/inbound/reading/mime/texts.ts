import { escapeHtml } from '../../reply/html/tags.js';

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
