import { createHash } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Missing } from '../errors.js';
import { typeOfBytes } from './content_type.js';
import { holdBytes, orNoRoom, removeAbandoned, writeNew } from './held_file.js';
import { hashIn, type Listed, named, type Storage } from './storage.js';

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
    list: () => listFolder(folder),
    removeOlder,
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

async function* listFolder(folder: string): AsyncGenerator<Listed> {
  await mkdir(folder, { recursive: true, mode: 0o700 }); // before the first file there is none
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch(orNull); // removed since the folder was read
    if (found) yield { path, size: found.size, modified: found.mtimeMs, sha256: hashIn(entry.name) };
  }
}

/** What is stored again in this moment is young by then: it is moved aside, looked at, and put back. */
async function removeOlder({ path }: Listed, time: number): Promise<boolean> {
  const aside = `${path}.orphan`;
  await rename(path, aside);
  const young = (await stat(aside)).mtimeMs >= time;
  if (young) await link(aside, path).catch(unlessThere);
  await rm(aside);
  return !young;
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

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
