import { uudecode } from '../formats/uuencode.js';

/**
 * Bytes of a part, out of the encoding in which they travelled (RFC 2045 section 6). Forgiving; linear; never throws.
 */
export function decodeTransfer(body: Buffer, encoding: string, isText: boolean): Buffer {
  if (encoding === 'base64') return isText && !isBase64(body) ? body : fromBase64(body);
  if (encoding === 'quoted-printable') return fromQuotedPrintable(body);
  if (/^x-(?:uuencode|uue)$|^uuencode$/.test(encoding)) return uudecode(body.toString('latin1'))[0]?.content ?? body;
  return body;
}

// Text that says it is base64 and is not is shown as it stands.
function isBase64(body: Buffer): boolean {
  const head = body.toString('latin1', 0, 4000);
  const strange = head.match(/[^A-Za-z0-9+/=\s]/g)?.length ?? 0;
  return strange * 20 <= head.length && !/[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(head);
}

// Some programs encode piece by piece, each with its own padding.
function fromBase64(body: Buffer): Buffer {
  const text = body.toString('latin1');
  const end = text.indexOf('=');
  if (end < 0 || !/[A-Za-z0-9+/]/.test(text.slice(end, end + 2_000))) return Buffer.from(text, 'base64');
  return Buffer.concat(text.split(/=+/).map((each) => Buffer.from(each, 'base64')));
}

function fromQuotedPrintable(body: Buffer): Buffer {
  const lines = body.toString('latin1').split('\n');
  const text = lines.map((line, i) => {
    const trimmed = line.slice(0, endOf(line));
    if (trimmed.endsWith('=')) return trimmed.slice(0, -1);
    return i === lines.length - 1 ? trimmed : trimmed + (line.endsWith('\r') ? '\r\n' : '\n');
  });
  return Buffer.from(
    text.join('').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}

// White space at the end of a line was added on the way; other bytes that look like it are halves of characters.
function endOf(line: string): number {
  let end = line.length;
  while (end > 0 && ' \t\r'.includes(line.charAt(end - 1))) end -= 1;
  return end;
}
