/** A property's first value. Text is UTF-16 or in the message's code page. */
export interface Property {
  readonly bytes: Buffer;
  readonly unicode: boolean;
}

export type Properties = Map<number, Property>;

const MAX_PROPERTIES = 5000;
const UNICODE = 0x1f;
// Strings, binary data and objects have a length prefix.
const VARIABLE = new Set([0x1e, UNICODE, 0x0d, 0x102]);
const EIGHT = new Set([0x05, 0x06, 0x07, 0x14, 0x40]);
const FIXED = new Set([0x01, 0x02, 0x03, 0x04, 0x0a, 0x0b, 0x48, ...EIGHT]);

/** Reads a list of MAPI properties (MS-OXTNEF section 2.1.3.4), up to the first that can't be read. */
export function readProperties(bytes: Buffer): Properties {
  const found: Properties = new Map();
  const reader = new Reader(bytes);
  try {
    const count = Math.min(reader.number(), MAX_PROPERTIES);
    for (let i = 0; i < count; i++) {
      const [type, id] = [reader.short(), reader.short()];
      if (id >= 0x8000) reader.skipName();
      const value = reader.value(type);
      if (value !== null && !found.has(id)) found.set(id, { bytes: value, unicode: (type & 0xfff) === UNICODE });
    }
  } catch {
    // Truncated: return what was read so far.
  }
  return found;
}

class Reader {
  #at = 0;

  constructor(readonly bytes: Buffer) {}

  number(): number {
    this.#at += 4;
    return this.bytes.readUInt32LE(this.#at - 4);
  }

  short(): number {
    this.#at += 2;
    return this.bytes.readUInt16LE(this.#at - 2);
  }

  skipName(): void {
    this.#at += 16;
    if (this.number() === 0) this.number();
    else this.#take(this.number());
  }

  value(type: number): Buffer | null {
    const kind = type & 0xfff;
    const several = (type & 0x1000) !== 0 || VARIABLE.has(kind);
    const count = several ? this.number() : 1;
    let first: Buffer | null = null;
    for (let i = 0; i < count; i++) {
      const value = this.#one(kind);
      first ??= value;
    }
    return first;
  }

  #one(kind: number): Buffer {
    if (VARIABLE.has(kind)) return this.#take(this.number());
    if (!FIXED.has(kind)) throw new Error('Unknown property type');
    return this.#take(kind === 0x48 ? 16 : EIGHT.has(kind) ? 8 : 4);
  }

  // Values are padded to a multiple of four bytes.
  #take(length: number): Buffer {
    const start = this.#at;
    if (start + length > this.bytes.length) throw new Error('Truncated');
    this.#at += Math.ceil(length / 4) * 4;
    return this.bytes.subarray(start, start + length);
  }
}
