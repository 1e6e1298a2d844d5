/** Whether a PNG or GIF is a tracking pixel: at most three pixels wide and high, by its own header. */
export function isPixel(content: Buffer): boolean {
  const [width, height] = sizeOf(content) ?? [];
  return width !== undefined && height !== undefined && width <= 3 && height <= 3;
}

function sizeOf(content: Buffer): [number, number] | null {
  if (content.length >= 24 && content.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n')
    return [content.readUInt32BE(16), content.readUInt32BE(20)];
  if (content.length >= 10 && /^GIF8[79]a/.test(content.toString('latin1', 0, 6)))
    return [content.readUInt16LE(6), content.readUInt16LE(8)];
  return null;
}
