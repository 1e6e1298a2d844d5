import { indexAnswered, wordsOf } from './quotes/answered_email.js';
import type { Verdict } from './select_lines.js';
import type { Line } from './line.js';

export interface Judged {
  readonly lines: readonly Line[];
  readonly verdicts: readonly Verdict[];
}

const NO_HTML = /\bhtml\b/i;
const NOT_WRITTEN = /\[(?:image|cid|inline)[^\]]{0,200}\]|^\s*\d+[.)]/gi;

/**
 * Whether a message's text has new content that its HTML lacks, so that readers of the HTML would miss it. Words count
 * if they are nowhere in the sender's own HTML text and their line is not in the HTML as a whole.
 */
export function disagree(text: Judged, html: Judged): boolean {
  const shown = new Set(html.lines.filter((_, i) => html.verdicts[i]?.own).flatMap((line) => wordsOf(line.text)));
  const all = indexAnswered(html.lines.map((line) => line.text).join('\n'));
  const missing = text.lines.filter((line, i) => {
    const verdict = text.verdicts[i];
    if (!verdict?.kept || !verdict.own || line.text.includes('\uFFFD') || line.text.length > 10_000) return false;
    const words = wordsOf(line.text.replace(NOT_WRITTEN, ' ')).filter((word) => /\p{L}/u.test(word));
    return words.some((word) => !shown.has(word)) && all?.newWords(line) !== 0;
  });
  return missing.length > 0 && !missing.some((line) => NO_HTML.test(line.text));
}
