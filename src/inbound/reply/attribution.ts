import { isBlank, MAX_PATTERN, nextShown } from './line.js';
import type { Line } from './line.js';
import { ADDRESS, DATE, ON, TIME, WROTE } from './words.js';

const ENDS_WROTE = new RegExp(`(?:^|[\\s>)\\]"”*])(?:${WROTE})(?:\\s+(?:het volgende geschreven|følgende))?\\s*[:：.]?\\*?\\s*$`, 'iu');
// Chinese and Japanese put no space before the verb.
const ENDS_WROTE_CJK = /(?:写道|寫道|のメール|書きました|のメッセージ|作성|작성)\s*[:：]\s*$/u;
const BEGINS_ON = new RegExp(`^[\\s*>–—-]*(?:${ON})[\\s.,]`, 'iu');
const DASHED = new RegExp(`^-{2,}.{1,200}\\s(?:${WROTE})\\s*:?\\s*-{2,}$`, 'iu');
const GLUED = new RegExp(`(?:\\s|-{2,}\\s?)(?=(?:${ON})\\s.{0,16}\\d)`, 'giu');
const MOST_LINES = 5;

/** How many lines, from `at`, form an attribution ("On …, … wrote:") in whatever language; 0 when none begins here. */
export function attributionAt(lines: readonly Line[], at: number): number {
  const first = lines[at];
  if (!first || first.text.length > MAX_PATTERN) return 0;
  let joined = '';
  for (let n = 1; n <= MOST_LINES; n++) {
    const line = lines[at + n - 1];
    if (!line || isBlank(line) || (line.depth !== first.depth && !ENDS_WROTE.test(line.text) && line.text !== ':')) return 0;
    if (n > 1 && !mayContinue(first.text)) return 0;
    joined = `${joined} ${line.text === ':' ? '>:' : line.text}`.trim();
    if (joined.length > MAX_PATTERN) return 0;
    if (isAttribution(joined, quoteFollows(lines, at + n, first.depth))) return n;
  }
  return 0;
}

/** Cuts "my answer On Mon, … wrote:" in two, where a client glued its attribution to the answer and a quote follows. */
export function unglue(lines: readonly Line[]): Line[] {
  return lines.flatMap((line, i) => {
    if (line.depth > 0 || line.text.length > MAX_PATTERN || !quoteFollows(lines, i + 1, 0)) return [line];
    if (!ENDS_WROTE.test(line.text) || begins(line.text)) return [line];
    for (const match of line.text.matchAll(GLUED)) {
      const tail = line.text.slice(match.index + match[0].length);
      if (match.index === 0 || !isAttribution(tail, true)) continue;
      const head = line.text.slice(0, match.index).trim();
      return /[\p{L}\p{N}]/u.test(head) ? [part(line, head), part(line, tail)] : [line];
    }
    return [line];
  });
}

function isAttribution(text: string, quoted: boolean): boolean {
  if (DASHED.test(text)) return true;
  const when = DATE.test(text) || TIME.test(text);
  const who = ADDRESS.test(text);
  if (ENDS_WROTE.test(text) || ENDS_WROTE_CJK.test(text))
    return (when && (who || quoted || begins(text))) || (who && (when || text.length < 120));
  if (!when || !who || text.length > 250) return false;
  return /[:：]\*?\s*$/.test(text) || (quoted && (begins(text) || />\s*$/.test(text)));
}

function begins(text: string): boolean {
  const start = text.slice(0, 40);
  return (BEGINS_ON.test(text) && (DATE.test(text.slice(0, 60)) || TIME.test(start))) || /^[\s*>–—-]*\d/.test(text);
}

// Only a line that has begun to say when, and has not ended a sentence, goes on in the next.
function mayContinue(first: string): boolean {
  if (/^-{2,}\s/.test(first) && ADDRESS.test(first)) return true;
  return (DATE.test(first) || TIME.test(first) || BEGINS_ON.test(first)) && /\d/.test(first) && !/[!?]$|[^\d]{4}\.$/.test(first);
}

function quoteFollows(lines: readonly Line[], from: number, depth: number): boolean {
  const next = lines[nextShown(lines, from)] ?? lines[from];
  const empty = lines[from];
  return (next !== undefined && next.depth > depth) || (empty !== undefined && empty.depth > depth);
}

function part(line: Line, text: string): Line {
  return { ...line, text, raw: text };
}
