import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';

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
  /** @throws ENOENT if they aren't stored */
  get(sha256: string): Promise<Buffer>;
}

/** Storage in a local folder, shared by all processes. Files are written atomically. */
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
        content_type: await detectType(bytes),
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

/** Detects the type from the bytes. Valid UTF-8 without control characters is text; anything else is unknown. */
async function detectType(bytes: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  if (found) return found.mime;
  const head = bytes.subarray(0, 65_536).toString('utf8');
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(head.slice(0, -4)) ? 'application/octet-stream' : 'text/plain';
}

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
