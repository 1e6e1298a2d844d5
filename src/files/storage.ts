import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { typeOfBytes } from './content_type.js';
import { Missing } from '../errors.js';
import { type Chunks, type HeldFile, holdBytes, orNoRoom, removeAbandoned, writeNew } from './held_file.js';

/** A stored file. `declared_type` is what its sender declared, `content_type` is detected from the bytes. */
export interface StoredFile {
  sha256: string;
  name: string;
  content_type: string;
  declared_type: string;
  size: number;
}

/** Content-addressed storage by SHA-256: the same bytes are stored once. */
export interface Storage {
  put(bytes: Buffer, name: string, declared_type: string): Promise<StoredFile>;
  /** Writes bytes to disk as they come, and holds them until it is known whether they are wanted: `keep` or `discard`. */
  hold(bytes: Chunks): Promise<HeldFile>;
  keep(held: HeldFile, name: string, declared_type: string): Promise<StoredFile>;
  /** Does nothing to what was kept. */
  discard(held: HeldFile): Promise<void>;
  /** @throws Missing if they aren't stored */
  get(sha256: string): Promise<Buffer>;
  /** Null if they aren't stored. */
  find(sha256: string): Promise<Buffer | null>;
  /** As `get`, read as they are sent. */
  read(sha256: string): Promise<{ size: number; bytes: Readable }>;
  /** How many bytes are stored; null if they aren't. */
  sizeOf(sha256: string): Promise<number | null>;
  /** Removes bytes for good: see `removeUnreferenced`. */
  remove(sha256: string): Promise<void>;
}

/** Storage in a local folder, shared by all processes. Files are written atomically. */
export function diskStorage(folder: string): Storage {
  const incoming = join(folder, 'incoming');
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  removeAbandoned(incoming).catch(() => {}); // the next start will
  const store = async (path: string, sha256: string) => {
    try {
      await mkdir(dirname(pathOf(sha256)), { recursive: true, mode: 0o700 });
      await ((await renewed(pathOf(sha256))) ? rm(path, { force: true }) : rename(path, pathOf(sha256)));
    } catch (error) {
      await rm(path, { force: true });
      throw orNoRoom(error);
    }
  };
  return {
    async put(bytes, name, declared_type) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (!(await renewed(pathOf(sha256)))) await store(await writeNew(incoming, [bytes]), sha256);
      return named({ sha256, content_type: await typeOfBytes(bytes), size: bytes.length }, name, declared_type);
    },
    hold: (bytes) => holdBytes(incoming, bytes),
    async keep({ path, ...held }, name, declared_type) {
      await store(path, held.sha256);
      return named(held, name, declared_type);
    },
    discard: ({ path }) => rm(path, { force: true }),
    ...readingFrom(pathOf),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}

const readingFrom = (pathOf: (sha256: string) => string): Pick<Storage, 'get' | 'find' | 'read' | 'sizeOf'> => ({
  get: (sha256) => readFile(pathOf(sha256)).catch(orMissing),
  find: (sha256) => readFile(pathOf(sha256)).catch(orNull),
  async read(sha256) {
    const file = await open(pathOf(sha256)).catch(orMissing);
    const { size } = await file.stat();
    return { size, bytes: file.createReadStream() };
  },
  sizeOf: (sha256) => stat(pathOf(sha256)).then(({ size }) => size, orNull),
});

const named = (held: Omit<HeldFile, 'path'>, name: string, declared_type: string): StoredFile => ({
  ...held,
  name: safeName(name),
  declared_type: declared_type.slice(0, 200),
});

/** Whether it is there. It counts as new from now on, so that it isn't removed as an orphan before it is referred to. */
async function renewed(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function orMissing(error: unknown): never {
  throw isMissing(error) ? new Missing({ cause: error }) : error;
}

function orNull(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

/** Whether a file isn't there. */
const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The base name of a path, without control and direction characters, at most 200 bytes. */
export function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069"]/g, '')
    .replace(/^\.+/, '')
    .trim();
  const [, stem = '', extension = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/s.exec(clean) ?? [];
  const cut = Buffer.from(stem)
    .subarray(0, 200 - extension.length)
    .toString('utf8')
    .replace(/\ufffd$/, '');
  return (cut || 'file') + extension;
}
