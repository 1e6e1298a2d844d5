import { inflateRawSync } from 'node:zlib';

const [DIRECTORY, LOCAL] = [0x02014b50, 0x04034b50];

/** The files of a zip by their names, read by its central directory. */
export function unzipped(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = zip.indexOf('PK\u0001\u0002'); at >= 0 && zip.readUInt32LE(at) === DIRECTORY;) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(local) !== LOCAL) throw new Error('no file where the directory says');
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(begin, begin + size);
    files.set(zip.toString('utf8', at + 46, at + 46 + name), method ? inflateRawSync(packed) : packed);
    at += 46 + name + extra + comment;
  }
  return files;
}
