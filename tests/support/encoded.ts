/** Lines of base64, as parts of messages are encoded. */
export const base64 = (text: string) =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
/** A word of a header. */
export const word = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
/** In words of a header, as it is folded: none holds the whole. */
export const words = (text: string) => (text.match(/.{1,30}/g) ?? []).map(word).join('\r\n ');

/** A file as its readers decode it: all that can be found in it. */
export function decoded(bytes: Buffer, depth = 0): string {
  const text = bytes.toString('latin1');
  const blocks = text.match(/(?:^[A-Za-z0-9+/]{8,76}={0,2}\r?$\n?)+/gm) ?? [];
  const inner = depth < 3 ? blocks.map((block) => decoded(Buffer.from(block, 'base64'), depth + 1)) : [];
  const joined = Buffer.concat(
    Array.from(text.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g), ([, each = '']) => Buffer.from(each, 'base64')),
  );
  return [text, bytes.toString('utf16le'), joined.toString(), ...inner].join('\n');
}

/** Without what breaks a long word. */
export const bare = (text: string) => text.replace(/=?\r?\n[> ]*|<[^<>]*>|\0/g, '');
