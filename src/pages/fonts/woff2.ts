import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

// Which characters a font really has: its package's ranges claim more. Libraries read WOFF2 with a Brotli of their own,
// which takes a hundred times as long as Node's for a table that WOFF2 leaves as it is.

const HEADER = 48;
const CMAP = 0;
/** Tables that WOFF2 usually transforms. */
const GLYF_AND_LOCA = [10, 11];
/** A table's tag is written out. */
const OTHER_TAG = 63;

const cache = new Map<string, ReadonlySet<number>>();

/** The characters that a WOFF2 file has glyphs for. @throws Error if it has no table of them */
export function charactersIn(file: string): ReadonlySet<number> {
  const cached = cache.get(file);
  if (cached) return cached;
  const found = readCmap(cmapTable(readFileSync(file)));
  cache.set(file, found);
  return found;
}

/** The table `cmap`, by the directory of the tables (WOFF2 §4.1), which follow one another in one Brotli stream. */
function cmapTable(font: Buffer): Buffer {
  let at = HEADER;
  const number = () => {
    let value = 0;
    for (;;) {
      const byte = font.readUInt8(at++);
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  };
  let start = 0;
  let place: [start: number, end: number] | null = null;
  for (let table = font.readUInt16BE(12); table > 0; table--) {
    const flags = font.readUInt8(at++);
    const tag = flags & 63;
    if (tag === OTHER_TAG) at += 4;
    const original = number();
    const transformed = GLYF_AND_LOCA.includes(tag) ? flags >> 6 !== 3 : flags >> 6 !== 0;
    const length = transformed ? number() : original;
    if (tag === CMAP) place = [start, start + length];
    start += length;
  }
  if (!place) throw new Error('A font has no characters.');
  const tables = brotliDecompressSync(font.subarray(at, at + font.readUInt32BE(20)));
  return tables.subarray(...place);
}

/** Reads the encodings of the formats 4 and 12 (OpenType, `cmap`), which together have all characters. */
function readCmap(cmap: Buffer): Set<number> {
  const characters = new Set<number>();
  for (let n = 0; n < cmap.readUInt16BE(2); n++) {
    const encoding = cmap.subarray(cmap.readUInt32BE(4 + n * 8 + 4));
    const format = encoding.readUInt16BE(0);
    const found = format === 12 ? readGroups(encoding) : format === 4 ? readSegments(encoding) : [];
    for (const character of found) characters.add(character);
  }
  return characters;
}

function* readGroups(encoding: Buffer): Generator<number> {
  for (let n = 0; n < encoding.readUInt32BE(12); n++) {
    const at = 16 + n * 12;
    const last = encoding.readUInt32BE(at + 4);
    for (let character = encoding.readUInt32BE(at); character <= last; character++) yield character;
  }
}

function* readSegments(encoding: Buffer): Generator<number> {
  const size = encoding.readUInt16BE(6);
  for (let at = 0; at < size; at += 2) {
    const last = encoding.readUInt16BE(14 + at);
    const first = encoding.readUInt16BE(16 + size + at);
    const delta = encoding.readUInt16BE(16 + size * 2 + at);
    const offset_at = 16 + size * 3 + at;
    const offset = encoding.readUInt16BE(offset_at);
    for (let character = first; character <= last && character < 0xffff; character++) {
      const glyph = offset ? encoding.readUInt16BE(offset_at + offset + (character - first) * 2) : character + delta;
      if (glyph & 0xffff) yield character;
    }
  }
}
