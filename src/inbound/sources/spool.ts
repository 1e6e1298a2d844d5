import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MemoryBudget } from './memory_budget.js';

/** Up to here what is heard stays in memory. */
const SMALL = 262_144;

/**
 * What is heard of a message: in memory while it is small, then in a file without a name, of which nothing is left
 * whatever happens to us.
 */
export function openSpool(room: MemoryBudget) {
  let chunks: Buffer[] = [];
  let file: FileHandle | null = null;
  let size = 0;
  return {
    /** False if there is no room for it. @throws when the disk is full */
    async add(chunk: Buffer): Promise<boolean> {
      if (!room.take(chunk.length)) return false;
      size += chunk.length;
      chunks.push(chunk);
      if (size <= SMALL) return true;
      file ??= await nameless(room.folder);
      await file.writev(chunks);
      chunks = [];
      return true;
    },
    /** Does the work with all of it, which is its own only until then; large ones wait for each other. */
    async read<T>(work: (all: Buffer) => Promise<T>): Promise<T> {
      const from = file;
      if (!from) return work(Buffer.concat(chunks));
      return room.alone(size, async (all) => {
        for (let at = 0; at < size;) at += (await from.read(all, at, size - at, at)).bytesRead;
        return work(all);
      });
    },
    /** Gives its room back. May be called again. */
    async drop(): Promise<void> {
      room.free(size);
      [size, chunks] = [0, []];
      await file?.close();
      file = null;
    },
  };
}

async function nameless(folder: string): Promise<FileHandle> {
  const path = join(folder, `incoming.${randomBytes(8).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}
