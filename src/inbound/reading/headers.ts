/** One header field as it stood in the message: `name` untouched, `value` unfolded but not decoded. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** The header section of a message, field by field in order (RFC 5322 section 2.2). Bytes above 127 are read as UTF-8 (RFC 6532). */
export function headerFields(raw: Buffer): HeaderField[] {
  const fields: { name: string; value: string }[] = [];
  for (const line of headerSection(raw).split(/\r?\n/)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last) last.value += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) fields.push({ name: line.slice(0, colon), value: line.slice(colon + 1).trim() });
  }
  return fields;
}

/** The values of a header, in order. Names are compared without case. */
export function valuesOf(fields: readonly HeaderField[], name: string): string[] {
  return fields.filter((field) => field.name.trim().toLowerCase() === name).map((field) => field.value);
}

/** The message ids in a header: also with commas between them, or spaces inside, as some clients write. */
export function messageIds(value: string): string[] {
  return Array.from(value.matchAll(/<[^<>]{1,998}>/g), (match) => match[0].replace(/\s+/g, ''));
}

/** Addresses in a header, lower case, at most 1,000. For finding where a message was sent, not who sent it. */
export function addressesIn(value: string): string[] {
  const words = value.split(/[\s<>()[\],;:"]+/, 4000).filter((word) => word.length < 400 && word.indexOf('@') > 0 && !word.endsWith('@'));
  return words.slice(0, 1000).map((word) => word.toLowerCase());
}

function headerSection(raw: Buffer): string {
  const ends = [raw.indexOf('\r\n\r\n'), raw.indexOf('\n\n')].filter((at) => at >= 0);
  return raw.toString('utf8', 0, ends.length > 0 ? Math.min(...ends) : raw.length);
}
