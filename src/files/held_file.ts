import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull } from '../db/outage.js';
import { NoRoom } from '../errors.js';
import { typeOfFile } from './content_type.js';

/** Bytes that are complete and on disk, but not stored yet. */
export interface HeldFile {
  path: string;
  sha256: string;
  content_type: string;
  size: number;
}

export type Chunks = Iterable<Buffer> | AsyncIterable<Buffer>;

/** Writes bytes to a folder as they come. */
export async function holdBytes(folder: string, bytes: Chunks): Promise<HeldFile> {
  const hash = createHash('sha256');
  let size = 0;
  async function* counted() {
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  const path = await writeNew(folder, counted());
  try {
    return { path, sha256: hash.digest('hex'), content_type: await typeOfFile(path), size };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Writes a new file, chunk by chunk; on disk once it returns. Leaves none if that fails.
 * @throws NoRoom if the disk is full
 */
export async function writeNew(folder: string, chunks: Chunks): Promise<string> {
  const path = join(folder, randomUUID());
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx');
    try {
      for await (const chunk of chunks) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  } catch (error) {
    await rm(path, { force: true });
    throw orNoRoom(error);
  }
}

/** What to say instead, if there was no room. */
export const orNoRoom = (error: unknown): unknown => (isDiskFull(error) ? new NoRoom({ cause: error }) : error);

const DAY_MS = 86_400_000;

/** Removes what processes that were killed had begun to write. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < Date.now() - DAY_MS) await rm(path, { force: true });
  }
}
