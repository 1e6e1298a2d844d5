import { decodeText } from './repairs/charset_label.js';

/** A header field: `name` as written, `value` unfolded but not decoded. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
  /** Set if the bytes are not UTF-8: `value` then has one character per byte (Latin 1), for `headerText` to decode. */
  readonly bytes?: true;
}

/** Returns a message's header fields in order (RFC 5322 section 2.2). Bytes above 127 are read as UTF-8 (RFC 6532). */
export function headerFields(raw: Buffer): HeaderField[] {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  return fieldsIn(raw.subarray(0, ends.length > 0 ? Math.min(...ends) : raw.length));
}

/** Returns the fields of a header section without a body. Linear time, however often a field is folded. */
export function fieldsIn(section: Buffer): HeaderField[] {
  const fields: { name: string; lines: string[] }[] = [];
  for (const line of section.toString('latin1').split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      fields.at(-1)?.lines.push(line.trim());
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) fields.push({ name: line.slice(0, colon), lines: [line.slice(colon + 1).trim()] });
  }
  return fields.map(({ name, lines }) => ({ name, ...decoded(lines.join(' ')) }));
}

// UTF-8 and Latin 1 leave all ASCII characters unchanged; any other decoding could add or move the "<" and "@" of an
// address.
function decoded(latin1: string): Omit<HeaderField, 'name'> {
  if (!/[\x80-\xff]/.test(latin1)) return { value: latin1 };
  try {
    return { value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(latin1, 'latin1')) };
  } catch {
    return { value: latin1, bytes: true };
  }
}

/** Returns a header's first value, or ''. Bytes that are not UTF-8 are decoded as `hint`, the message's charset. */
export function headerText(fields: readonly HeaderField[], name: string, hint: string | undefined): string {
  const field = fields.find((each) => each.name.trim().toLowerCase() === name);
  return field?.bytes ? decodeText(Buffer.from(field.value, 'latin1'), undefined, hint) : (field?.value ?? '');
}

/** Returns all values of a header, in order. Names are case-insensitive. */
export function valuesOf(fields: readonly HeaderField[], name: string): string[] {
  return fields.filter((field) => field.name.trim().toLowerCase() === name).map((field) => field.value);
}

/** Returns the message ids in a header. Tolerates commas between them and spaces inside, as some clients write. */
export function messageIds(value: string): string[] {
  return Array.from(value.matchAll(/<[^<>]{1,998}>/g), (match) => match[0].replace(/\s+/g, ''));
}

const isAddress = (word: string) =>
  word.length < 400 && word.indexOf('@') > 0 && !word.endsWith('@') && !/[\u0000-\u001F\u007F]/.test(word);

/** Returns the addresses in a header, in lower case, at most 1,000. Not strict enough to identify a sender by. */
export function addressesIn(value: string): string[] {
  const words = value.split(/[\s<>()[\],;:"]+/, 4000).filter(isAddress);
  return words.slice(0, 1000).map((word) => word.toLowerCase());
}
