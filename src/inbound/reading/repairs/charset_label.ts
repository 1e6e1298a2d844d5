import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import libmime from 'libmime';

// Western Europe: what other encodings are most often taken for.
const WESTERN = 'windows-1252';
const MULTIBYTE = /^(?:gb|big5|shift|sjis|euc|ks_c|cp9|ms9|iso-2022)/;
// Those of which ASCII is no part: what they hold is not looked for byte by byte.
export const WIDE = /^(?:utf-?(?:16|32)|ucs|iso-2022)/;
// No charsets of text: markup could hide in them.
const HIDING = /utf-?7|base64|hex|binary/i;

/**
 * The charset that text is really in, whatever its label says: labels lie, and mailparser believes them. `hint` is
 * what the rest of the message is written in. UTF-7, which iconv-lite decodes under several names
 * (pillarjs/iconv-lite#94), is never named (sample "utf-7").
 */
export function actualCharset(bytes: Buffer, label: string | undefined, hint?: string): string {
  const named = knownCharset(label);
  if (named !== null && WIDE.test(named)) return named;
  if (isStateful(bytes)) return named ?? 'iso-2022-jp';
  // Text that is valid UTF-8 by chance hardly exists, unless it is short and in an encoding of several bytes.
  if (isUtf8(bytes)) {
    if (named === null || named === 'utf-8' || named === WESTERN) return 'utf-8';
    const wrong = MULTIBYTE.test(named) ? decode(bytes, named).includes('\ufffd') : bytes.some((byte) => byte > 127);
    return wrong ? 'utf-8' : named;
  }
  return named === null || named === 'utf-8' ? guess(bytes, hint) : named;
}

/** Text from bytes in whatever charset they are really in. Never throws. */
export function decodeText(bytes: Buffer, label: string | undefined, hint?: string): string {
  return decode(bytes, actualCharset(bytes, label, hint));
}

/** A charset as mailparser knows it, in lower case; null where it knows none, or one that could hide something. */
function knownCharset(label: string | undefined): string | null {
  const plain = (label ?? '')
    .replace(/["'\s]+/g, '')
    .toLowerCase()
    .slice(0, 60);
  const name = libmime.normalizeCharset(plain).toLowerCase();
  if (/^(?:jis|iso-?2022-?jp)/.test(name)) return 'iso-2022-jp';
  return plain !== '' && !HIDING.test(name) && iconv.encodingExists(name) ? name : null;
}

// iconv-lite does not know the Japanese of emails; it can tell the byte order of UTF-16 by what it holds.
function decode(bytes: Buffer, charset: string): string {
  if (charset === 'iso-2022-jp') return new TextDecoder(charset).decode(bytes);
  if (!charset.startsWith('utf-16')) return iconv.decode(bytes, charset);
  return iconv.decode(bytes, 'utf-16', charset === 'utf-16be' ? { defaultEncoding: 'utf16be' } : {});
}

// A few broken bytes in what is otherwise UTF-8: those alone are lost.
function guess(bytes: Buffer, hint: string | undefined): string {
  const text = bytes.toString();
  const [good, broken] = [text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0, text.match(/\ufffd/g)?.length ?? 0];
  if (good > broken) return 'utf-8';
  const other = knownCharset(hint);
  return other === null || other === 'utf-8' ? WESTERN : other;
}

// ISO-2022-JP is all ASCII, with escapes between.
function isStateful(bytes: Buffer): boolean {
  const at = bytes.indexOf(27);
  return at >= 0 && /\x1b(?:\$[@B]|\([BJ])/.test(bytes.toString('latin1', at, at + 4000));
}
