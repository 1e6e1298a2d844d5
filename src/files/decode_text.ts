/** The text of a file: as its XML declaration or byte order mark says, or else UTF-8, or what Windows writes. */
export function decodeText(bytes: Buffer): string {
  const [, declared] = /^[^<]{0,3}<\?xml[^>]*encoding=["']([\w-]+)/.exec(bytes.toString('latin1', 0, 200)) ?? [];
  const marked =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  for (const encoding of [marked, declared, 'utf-8'])
    if (encoding)
      try {
        return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/^\uFEFF/, '');
      } catch {
        // Not in that one.
      }
  return new TextDecoder('windows-1252').decode(bytes);
}
