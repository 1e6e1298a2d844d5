import { maskSecrets } from '../../../input/own_secrets.js';

/** What comes before our secrets, as ASCII and as UTF-16 (Outlook's files): in binary files it is rare. */
const ENDS = ['in', 'nk', 'be'].flatMap((end) => ['/', '\\/', '%2', '=2', '&#'].map((slash) => end + slash));
const HINTS = [...ENDS, 'ply', 'PLY', 'nce', 'NCE'].flatMap((hint) => [
  Buffer.from(hint),
  Buffer.from(hint, 'utf16le'),
]);
const MAX_DEPTH = 3;
/** A whole line in base64, as parts of messages are encoded. */
const BASE64 = /^[A-Za-z0-9+/]{4,200}={0,2}\r?$/;
// Encoded words of a header that belong together.
const WORDS =
  /=\?[\w*-]{2,40}\?b\?[A-Za-z0-9+/=]{1,200}\?=(?:\s{1,80}=\?[\w*-]{2,40}\?b\?[A-Za-z0-9+/=]{1,200}\?=){0,200}/gi;
const WORD = /(=\?[\w*-]{2,40}\?b\?)([A-Za-z0-9+/=]{1,200})(\?=)/gi;

/**
 * A file's bytes with the secrets of our emails blotted out (see own_secrets.ts), also where they are encoded in it:
 * messages are sent on as files, and originals are shown. Nothing changes its place, so that it stays a file of its
 * kind. What is compressed or encrypted stays as it is.
 */
export function maskFile(content: Buffer, depth = 0): Buffer {
  const masked = isHinted(content) ? maskWide(maskPlain(content)) : content;
  if (depth >= MAX_DEPTH || !isText(masked)) return masked;
  const text = masked.toString('latin1');
  const decoded = maskBlocks(text, depth).replace(WORDS, maskWords);
  return decoded === text ? masked : Buffer.from(decoded, 'latin1');
}

const isHinted = (content: Buffer) => isText(content) || HINTS.some((hint) => content.includes(hint));

const isText = (content: Buffer) => !content.subarray(0, 4096).includes(0);

function maskPlain(content: Buffer): Buffer {
  const text = content.toString('latin1');
  const masked = maskSecrets(text);
  return masked === text ? content : Buffer.from(masked, 'latin1');
}

// Text of two bytes a character may begin at an even or an odd place.
function maskWide(content: Buffer): Buffer {
  if (!content.includes(0)) return content;
  const bytes = Buffer.from(content);
  for (const start of [0, 1]) {
    const wide = bytes.subarray(start, start + ((bytes.length - start) & ~1));
    wide.write(maskSecrets(wide.toString('utf16le')), 'utf16le');
  }
  return bytes;
}

function maskBlocks(text: string, depth: number): string {
  const lines = text.split('\n');
  for (let from = 0; from < lines.length; from++) {
    let to = from;
    while (BASE64.test(lines[to] ?? '')) to++;
    if (to === from) continue;
    const masked = maskBlock(lines.slice(from, to).join('\n'), depth).split('\n');
    for (const [i, line] of masked.entries()) lines[from + i] = line;
    from = to;
  }
  return lines.join('\n');
}

function maskBlock(block: string, depth: number): string {
  const bytes = Buffer.from(block, 'base64');
  const masked = maskFile(bytes, depth + 1);
  return masked.equals(bytes) ? block : inPlaceOf(block, masked.toString('base64'));
}

// The same characters, with the line breaks where they were.
function inPlaceOf(block: string, encoded: string): string {
  let at = 0;
  return block.replace(/[A-Za-z0-9+/=]/g, () => encoded[at++] ?? '=');
}

function maskWords(words: string): string {
  const parts = Array.from(words.matchAll(WORD), (match) => Buffer.from(match[2] ?? '', 'base64'));
  const bytes = Buffer.concat(parts);
  const masked = maskPlain(bytes);
  if (masked === bytes) return words;
  let [at, nth] = [0, 0];
  return words.replace(WORD, (_, begin: string, _encoded: string, end: string) => {
    const length = parts[nth++]?.length ?? 0;
    return begin + masked.subarray(at, (at += length)).toString('base64') + end;
  });
}
