import libmime from 'libmime';
import { actualCharset } from './charset_label.js';

const WORD = /=\?([^?\s*]{1,60})(\*[^?\s]{0,40})?\?([bq])\?([^?]*)\?=/gi;

/**
 * A header's value whose encoded words (RFC 2047) name the charset that they are really in. mailparser reads what it
 * does not know as UTF-8, and decodes UTF-7 (samples "=?nope?q?a=FC?=", "UTF-7 is left as it is"). A character may be
 * split between two words, so all words with the same label are judged by what they hold as a whole.
 */
export function labelWords(value: string): string {
  const held = new Map<string, Buffer[]>();
  for (const [, label = '', , encoding = '', text = ''] of value.matchAll(WORD)) {
    const key = label.toLowerCase();
    held.set(key, held.get(key) ?? []);
    held.get(key)?.push(bytesOf(encoding, text));
  }
  const charsets = new Map([...held].map(([label, bytes]) => [label, actualCharset(Buffer.concat(bytes), label)]));
  return value.replace(
    WORD,
    (_, label: string, __, encoding: string, text: string) =>
      `=?${charsets.get(label.toLowerCase()) ?? label}?${encoding}?${text}?=`,
  );
}

/** A header's value, decoded. */
export const decodeWords = (value: string): string => libmime.decodeWords(labelWords(value));

/** The charset of the first encoded word: what the rest of a message is likely to be written in. */
export const wordCharset = (value: string): string | undefined => value.matchAll(WORD).next().value?.[1];

function bytesOf(encoding: string, text: string): Buffer {
  if (/b/i.test(encoding)) return Buffer.from(text, 'base64');
  const plain = Buffer.from(text).toString('latin1');
  return Buffer.from(
    plain.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
}
