import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';

/**
 * Bytes in storage, with what they were called and what they are. `declared_type` is what the sender said;
 * `content_type` what the bytes say.
 */
export interface StoredFile {
  sha256: string;
  name: string;
  content_type: string;
  declared_type: string;
  size: number;
}

/** Where bytes lie, each under its SHA-256: the same bytes once. */
export interface Storage {
  put(bytes: Buffer, name: string, declared_type: string): Promise<StoredFile>;
  /** @throws ENOENT if there are no such bytes. */
  get(sha256: string): Promise<Buffer>;
}

/** Storage in a folder of this machine, shared by all processes. A file appears whole or not at all. */
export function diskStorage(folder: string): Storage {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);
  return {
    get: (sha256) => readFile(pathOf(sha256)),
    async put(bytes, name, declared_type) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (!(await exists(pathOf(sha256)))) await write(pathOf(sha256), bytes);
      return {
        sha256,
        name: safeName(name),
        content_type: await sniffed(bytes),
        declared_type: declared_type.slice(0, 200),
        size: bytes.length,
      };
    },
  };
}

const exists = (path: string) =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

async function write(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx');
  await file.writeFile(bytes);
  await file.sync();
  await file.close();
  await rename(temporary, path);
}

/**
 * What the bytes are, whatever was said of them. Text that is valid UTF-8 without control characters is text; all
 * else is unknown.
 */
async function sniffed(bytes: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  if (found) return found.mime;
  const head = bytes.subarray(0, 65_536).toString('utf8');
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(head.slice(0, -4)) ? 'application/octet-stream' : 'text/plain';
}

/**
 * The last part of a file's name, without what could mislead: control and direction characters, slashes; at most 200
 * bytes.
 */
export function safeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069"]/g, '')
    .replace(/^\.+/, '')
    .trim();
  const [, stem = '', ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/s.exec(clean) ?? [];
  const cut = Buffer.from(stem)
    .subarray(0, 200 - ending.length)
    .toString('utf8')
    .replace(/\ufffd$/, '');
  return (cut || 'file') + ending;
}
