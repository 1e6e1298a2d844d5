import { rememberAnswered, wordsOf } from './quotes/answered_email.js';
import type { Verdict } from './keep_lines.js';
import type { Line } from './line.js';

export interface Judged {
  readonly lines: readonly Line[];
  readonly verdicts: readonly Verdict[];
}

const NO_HTML = /\bhtml\b/i;
const NOT_WRITTEN = /\[(?:image|cid|inline)[^\]]{0,200}\]|^\s*\d+[.)]/gi;

/**
 * Whether the text of a message says what its HTML does not: a reader of one would miss it. Words count that stand
 * nowhere among what the HTML's sender wrote, unless their whole line stands in it.
 */
export function disagree(text: Judged, html: Judged): boolean {
  const shown = new Set(html.lines.filter((_, i) => html.verdicts[i]?.own).flatMap((line) => wordsOf(line.text)));
  const all = rememberAnswered(html.lines.map((line) => line.text).join('\n'));
  const missing = text.lines.filter((line, i) => {
    const verdict = text.verdicts[i];
    if (!verdict?.kept || !verdict.own || line.text.includes('\uFFFD') || line.text.length > 10_000) return false;
    const words = wordsOf(line.text.replace(NOT_WRITTEN, ' ')).filter((word) => /\p{L}/u.test(word));
    return words.some((word) => !shown.has(word)) && all?.fresh(line) !== 0;
  });
  return missing.length > 0 && !missing.some((line) => NO_HTML.test(line.text));
}
