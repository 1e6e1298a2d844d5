/** Builds winmail.dat as Outlook does (MS-OXTNEF): attributes with a level, a number, a length and a check sum. */
export function winmail(...attributes: Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from('789f3e220100', 'hex'),
    attribute(1, 0x00069007, Buffer.from('e404000000000000', 'hex')),
    ...attributes,
  ]);
}

export function attribute(level: number, id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(data.length, 5);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(data.reduce((total, byte) => (total + byte) & 0xffff, 0));
  return Buffer.concat([head, data, sum]);
}

const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const padded = (data: Buffer) =>
  Buffer.concat([number(1), number(data.length), data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
const property = (id: number, type: number, data: Buffer) => Buffer.concat([number(id * 0x10000 + type), data]);

export const text8 = (id: number, value: string) => property(id, 0x1e, padded(Buffer.from(`${value}\0`, 'latin1')));
export const text16 = (id: number, value: string) => property(id, 0x1f, padded(Buffer.from(`${value}\0`, 'utf16le')));
export const binary = (id: number, value: Buffer) => property(id, 0x102, padded(value));
export const long = (id: number, value: number) => property(id, 0x03, number(value));
export const object = (id: number, value: Buffer) =>
  property(id, 0x0d, padded(Buffer.concat([Buffer.alloc(16, 1), value])));
export const properties = (...each: Buffer[]) => Buffer.concat([number(each.length), ...each]);

/** An attachment: the short name that old programs know, the bytes, and what newer ones say of it. */
export const attachment = (title: string, data: Buffer | null, ...known: Buffer[]) =>
  Buffer.concat([
    attribute(2, 0x00069002, Buffer.alloc(14)),
    attribute(2, 0x00018010, Buffer.from(`${title}\0`, 'latin1')),
    ...(data ? [attribute(2, 0x0006800f, data)] : []),
    ...(known.length > 0 ? [attribute(2, 0x00069005, properties(...known))] : []),
  ]);

export const message = (...known: Buffer[]) => attribute(1, 0x00069003, properties(...known));

/** RTF as it is put into a message: stored, not compressed. */
export function rtf(text: string): Buffer {
  const body = Buffer.from(text, 'latin1');
  return Buffer.concat([number(body.length + 12), number(body.length), Buffer.from('MELA'), number(0), body]);
}
