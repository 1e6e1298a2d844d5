import type { Line } from '../line.js';
import { ADDRESS } from '../phrases.js';

const DATED = /\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\s+\d{1,2}:\d{2}/;
const BETWEEN = /^\W*(?:sent by|please respond to|gesendet von|bitte antworten an)\b/i;
/** "Ann Lee@ACME", "Ann Lee/HOU/ACME@ACME" */
const NOTES_NAME = /^\p{Lu}[\p{L}.'’-]*(?: [\p{L}.'’()-]+){0,4}(?:\/[\p{L}\p{N} ]{2,20})*@[\p{L}_]{2,20}$/u;
const MAX_ABOVE = 8;

/** Returns where a header block found at `at` really starts: Lotus Notes puts sender and time in lines above "To:". */
export function notesHeaderStart(lines: readonly Line[], at: number): number {
  if (/^\W*(?:from|von|de)\b/i.test(lines[at]?.text ?? '')) return at;
  let start = at;
  let dated = false;
  for (let i = at - 1; i >= 0 && i >= at - MAX_ABOVE; i--) {
    const line = lines[i];
    if (!line || line.depth > 0 || line.text.length > 120) break;
    if (line.blank) continue;
    const isDate = DATED.test(line.text);
    if (isDate || BETWEEN.test(line.text)) {
      start = i;
      dated ||= isDate;
    } else if (isSender(lines, i, dated)) return i;
    else break;
  }
  return dated ? start : at;
}

function isSender(lines: readonly Line[], at: number, dated: boolean): boolean {
  const text = lines[at]?.text ?? '';
  if (NOTES_NAME.test(text)) return true;
  const below = lines[at + 1];
  if (!dated || !below || below.blank || text.length >= 80 || /[.!?:,]$/.test(text)) return false;
  return (lines[at - 1]?.blank ?? true) && (text.length < 60 || ADDRESS.test(text));
}
