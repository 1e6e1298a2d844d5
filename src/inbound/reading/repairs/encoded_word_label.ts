import libmime from 'libmime';
import { actualCharset } from './charset_label.js';

const WORD = /=\?([^?\s*]{1,60})(\*[^?\s]{0,40})?\?([bq])\?([^?]*)\?=/gi;

/**
 * Corrects the charset labels of encoded words (RFC 2047) in a header's value. mailparser reads unknown charsets as
 * UTF-8, and decodes UTF-7 (samples "=?nope?q?a=FC?=", "UTF-7 is left as it is"). A character may be split between two
 * words, so all words with the same label are examined together.
 */
export function labelWords(value: string): string {
  const contents = new Map<string, Buffer[]>();
  for (const [, label = '', , encoding = '', text = ''] of value.matchAll(WORD)) {
    const key = label.toLowerCase();
    contents.set(key, contents.get(key) ?? []);
    contents.get(key)?.push(bytesOf(encoding, text));
  }
  const charsets = new Map([...contents].map(([label, bytes]) => [label, actualCharset(Buffer.concat(bytes), label)]));
  return value.replace(
    WORD,
    (_, label: string, __, encoding: string, text: string) =>
      `=?${charsets.get(label.toLowerCase()) ?? label}?${encoding}?${text}?=`,
  );
}

/** Decodes the encoded words in a header's value. */
export const decodeWords = (value: string): string => libmime.decodeWords(labelWords(value));

/** Returns the charset of the first encoded word: the rest of the message probably uses it too. */
export const wordCharset = (value: string): string | undefined => value.matchAll(WORD).next().value?.[1];

function bytesOf(encoding: string, text: string): Buffer {
  if (/b/i.test(encoding)) return Buffer.from(text, 'base64');
  const plain = Buffer.from(text).toString('latin1');
  return Buffer.from(
    plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
