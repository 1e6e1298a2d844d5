// Labels that browsers don't know but mail programs write.
const ALIASES: Readonly<Record<string, string>> = {
  utf8mb4: 'utf-8',
  cp65001: 'utf-8',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  cp936: 'gbk',
  ms936: 'gbk',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  cp950: 'big5',
  cp949c: 'euc-kr',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp51932: 'euc-jp',
  'euc-cn': 'gbk',
  'euc-tw': 'big5',
  'big5-eten': 'big5',
  cp20127: 'us-ascii',
  cp20866: 'koi8-r',
  cp21866: 'koi8-u',
  cp28591: 'iso-8859-1',
  cp28592: 'iso-8859-2',
  cp28595: 'iso-8859-5',
  cp28599: 'iso-8859-9',
  cp28605: 'iso-8859-15',
  'iso-8859-9-e': 'iso-8859-9',
};
const MULTIBYTE = /^(?:gb|big5|shift|euc|iso-2022)/;
// Western Europe: what other encodings are most often taken for.
const WESTERN = 'windows-1252';
const HIGH = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Text from bytes in an encoding of the WHATWG's list, under any of its labels. Best guess where the label is
 * unknown, missing, or plainly wrong; `hint` is what the rest of the message is written in. UTF-7 is never decoded:
 * markup could hide in it. Never throws.
 */
export function decodeText(bytes: Uint8Array, label: string | undefined, hint?: string): string {
  const named = decoderFor(label);
  if (named === null || named === 'utf-8' || named === WESTERN) return utf8(bytes) ?? guess(bytes, named, hint);
  if (named.startsWith('utf-16')) return new TextDecoder(byteOrder(bytes, named)).decode(bytes);
  const [text, other] = [new TextDecoder(named).decode(bytes), utf8(bytes)];
  const wrong = MULTIBYTE.test(named) ? text.includes('\ufffd') : /[^\0-\x7f]/.test(other ?? '');
  return wrong && other !== null ? other : text;
}

/** The WHATWG's name for a label; null if it has none, or for UTF-7 and others that could hide something. */
export function decoderFor(label: string | undefined): string | null {
  const name = (label ?? '')
    .replace(/["'\s]+/g, '')
    .toLowerCase()
    .slice(0, 60)
    .replace(/^x-(?=gbk|euc|iso|windows)/, '')
    .replace(/^iso_?8859[-_]?/, 'iso-8859-');
  for (const each of [
    ALIASES[name] ?? name,
    name.replaceAll('_', '-'),
    name.replace(/^(?:cp|win|windows)-?_?(?=12)/, 'windows-'),
  ]) {
    try {
      return each === '' ? null : new TextDecoder(each).encoding;
    } catch {
      // Not a name of any encoding; the next is tried.
    }
  }
  return null;
}

// Text that is valid UTF-8 by chance hardly exists, whatever its label says.
function utf8(bytes: Uint8Array): string | null {
  if (isStateful(bytes)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function guess(bytes: Uint8Array, named: string | null, hint: string | undefined): string {
  if (isStateful(bytes))
    return named === null ? new TextDecoder('iso-2022-jp').decode(bytes) : new TextDecoder(named).decode(bytes);
  if (named === WESTERN) return western(bytes);
  // A few broken bytes in what is otherwise UTF-8: those alone are lost.
  const text = new TextDecoder().decode(bytes);
  const [good, broken] = [text.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0, text.match(/\ufffd/g)?.length ?? 0];
  if (good > broken) return text;
  const other = decoderFor(hint);
  return other === null || other === 'utf-8' || other === WESTERN
    ? western(bytes)
    : new TextDecoder(other).decode(bytes);
}

// ISO-2022-JP is all ASCII, with escapes between.
function isStateful(bytes: Uint8Array): boolean {
  const at = bytes.indexOf(27);
  return (
    at >= 0 &&
    /\x1b(?:\$[@B]|\([BJ])/.test(
      Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(bytes.length - at, 4000)).toString('latin1'),
    )
  );
}

// Says its mark; or else where the zeros of the ASCII letters stand.
function byteOrder(bytes: Uint8Array, named: string): string {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  const zeros = [0, 0];
  for (const [i, byte] of bytes.subarray(0, 400).entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  return even === odd ? named : even > odd ? 'utf-16be' : 'utf-16le';
}

// Some versions of Node take these for control characters.
function western(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(/[\x80-\x9f]/g, (char) => HIGH.charAt(char.charCodeAt(0) - 128));
}
