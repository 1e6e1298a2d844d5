import type { Readable } from 'node:stream';
import type { Chunks, HeldFile } from './held_file.js';

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
  /** All that there is, what is only half written too. */
  list(): AsyncIterable<Listed>;
  /** Removes what was listed, unless it was stored again since `time` (in ms). Says whether it did. */
  removeOlder(listed: Listed, time: number): Promise<boolean>;
}

/** What a storage holds; without a SHA-256 what is not whole. `path` is where it lies, `modified` in ms. */
export interface Listed {
  path: string;
  sha256: string | null;
  size: number;
  modified: number;
}

/** What was held, as it is referred to. */
export const named = (held: Omit<HeldFile, 'path'>, name: string, declared_type: string): StoredFile => ({
  ...held,
  name: safeName(name),
  declared_type: declared_type.slice(0, 200),
});

/** The SHA-256 by which something is stored; null for what is not whole. */
export const hashIn = (name: string) => (/^[0-9a-f]{64}$/.test(name) ? name : null);

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
