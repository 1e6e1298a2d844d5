import { escapeHtml } from '../../reply/html/tags.js';

/** Plain text as HTML, for a body that has both in turn. */
export function textToHtml(text: string): string {
  const paragraphs = text.trim().split(/\n{2,}/);
  return paragraphs.map((each) => `<p>${escapeHtml(each).replaceAll('\n', '<br>')}</p>`).join('');
}
