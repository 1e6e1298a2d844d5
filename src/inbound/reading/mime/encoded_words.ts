import { decodeText } from '../charset.js';

const WORD = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bq])\?([^?]*)\?=/gi;
// Beyond this a header is no text for people: the rest stays as it is.
const MOST_WORDS = 2000;

interface Word {
  readonly charset: string;
  readonly bytes: Buffer;
  readonly end: number;
}

/**
 * A header's value with its encoded words decoded (RFC 2047). Forgiving: words may be long, hold spaces, or touch
 * other text; characters that were split between two words are joined again. Linear; never throws.
 */
export function decodeWords(value: string): string {
  let [text, at, count] = ['', 0, 0];
  let run: Word[] = [];
  for (const match of value.matchAll(WORD)) {
    if (++count > MOST_WORDS) break;
    const between = value.slice(at, match.index);
    // Space between two encoded words is not part of the text.
    const adjacent = run.length > 0 && /^\s*$/.test(between);
    const charset = (match[1] ?? '').toLowerCase();
    if (!adjacent || run[0]?.charset !== charset) {
      text += decodeRun(run);
      run = [];
    }
    if (!adjacent) text += between;
    at = match.index + match[0].length;
    run.push({ charset, bytes: bytesOf(match[2] ?? '', match[3] ?? ''), end: at });
  }
  return text + decodeRun(run) + value.slice(at);
}

/** The encoding of the first encoded word: what the rest of a message is likely to be written in. */
export function wordCharset(value: string): string | undefined {
  return /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?[bq]\?/i.exec(value)?.[1];
}

function decodeRun(run: readonly Word[]): string {
  const [first] = run;
  return first ? decodeText(Buffer.concat(run.map((word) => word.bytes)), first.charset) : '';
}

function bytesOf(encoding: string, text: string): Buffer {
  if (/b/i.test(encoding)) return Buffer.from(text, 'base64');
  const plain = Buffer.from(text).toString('latin1').replaceAll('_', ' ');
  return Buffer.from(
    plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
