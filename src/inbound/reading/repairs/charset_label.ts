import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import libmime from 'libmime';

// Western Europe: the label most often given to text in other encodings.
const WESTERN = 'windows-1252';
const MULTIBYTE = /^(?:gb|big5|shift|sjis|euc|ks_c|cp9|ms9|iso-2022)/;
/** Charsets that are not supersets of ASCII, so their text can't be searched byte by byte. */
export const WIDE = /^(?:utf-?(?:16|32)|ucs|iso-2022)/;
// Not charsets for text: they could hide markup from a sanitizer.
const UNSAFE = /utf-?7|base64|hex|binary/i;

/**
 * Detects the actual charset of a text, since labels are often wrong and mailparser trusts them. `hint` is the charset
 * used elsewhere in the message. Never returns UTF-7, which iconv-lite decodes under several names
 * (pillarjs/iconv-lite#94; sample "utf-7").
 */
export function actualCharset(bytes: Buffer, label: string | undefined, hint?: string): string {
  const named = canonicalCharset(label);
  if (named !== null && WIDE.test(named)) return named;
  if (isStateful(bytes)) return named ?? 'iso-2022-jp';
  // Text is hardly ever valid UTF-8 by chance, unless it is short and in another multibyte encoding.
  if (isUtf8(bytes)) {
    if (named === null || named === 'utf-8' || named === WESTERN) return 'utf-8';
    const wrong = MULTIBYTE.test(named) ? decode(bytes, named).includes('\ufffd') : bytes.some((byte) => byte > 127);
    return wrong ? 'utf-8' : named;
  }
  return named === null || named === 'utf-8' ? guess(bytes, hint) : named;
}

/** Decodes bytes in their actual charset (see actualCharset). Never throws. */
export function decodeText(bytes: Buffer, label: string | undefined, hint?: string): string {
  return decode(bytes, actualCharset(bytes, label, hint));
}

/** Returns mailparser's name for a charset, in lower case; null if it is unknown or unsafe. */
function canonicalCharset(label: string | undefined): string | null {
  const plain = (label ?? '')
    .replace(/["'\s]+/g, '')
    .toLowerCase()
    .slice(0, 60);
  const name = libmime.normalizeCharset(plain).toLowerCase();
  if (/^(?:jis|iso-?2022-?jp)/.test(name)) return 'iso-2022-jp';
  return plain !== '' && !UNSAFE.test(name) && iconv.encodingExists(name) ? name : null;
}

// iconv-lite does not support ISO-2022-JP. Without a byte order mark it detects the byte order of UTF-16.
function decode(bytes: Buffer, charset: string): string {
  if (charset === 'iso-2022-jp') return new TextDecoder(charset).decode(bytes);
  if (!charset.startsWith('utf-16')) return iconv.decode(bytes, charset);
  return iconv.decode(bytes, 'utf-16', charset === 'utf-16be' ? { defaultEncoding: 'utf16be' } : {});
}

// In text that is mostly valid UTF-8, only the broken bytes are lost.
function guess(bytes: Buffer, hint: string | undefined): string {
  const text = bytes.toString();
  const [good, broken] = [text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0, text.match(/\ufffd/g)?.length ?? 0];
  if (good > broken) return 'utf-8';
  const other = canonicalCharset(hint);
  return other === null || other === 'utf-8' ? WESTERN : other;
}

// ISO-2022-JP consists of ASCII bytes and escape sequences.
function isStateful(bytes: Buffer): boolean {
  const at = bytes.indexOf(27);
  return at >= 0 && /\x1b(?:\$[@B]|\([BJ])/.test(bytes.toString('latin1', at, at + 4000));
}
