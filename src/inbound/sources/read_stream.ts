import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Rejection, toRejection } from './rejection.js';
import type { MemoryBudget } from './memory_budget.js';

/**
 * Reads a stream to its end and passes the content to `work`. What exceeds a limit is read but discarded, so that the
 * other side receives our response, and its share of the budget is freed at once.
 * @throws Rejection if the stream is longer than `limit` bytes, or the budget is exhausted
 */
export async function readStream<T>(
  stream: AsyncIterable<Buffer>,
  limit: number,
  budget: MemoryBudget,
  work: (content: Buffer) => Promise<T>,
): Promise<T> {
  const spool = openSpool(budget);
  let size = 0;
  let rejection: Rejection | null = null;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) rejection = new Rejection('too_large', `At most ${Math.round(limit / 2 ** 20)} MB`);
      else rejection ??= await addTo(spool, chunk);
      if (rejection) await spool.close();
    }
    if (rejection) throw rejection;
    return await spool.read(work);
  } finally {
    await spool.close();
  }
}

async function addTo(spool: ReturnType<typeof openSpool>, chunk: Buffer): Promise<Rejection | null> {
  try {
    return (await spool.add(chunk)) ? null : new Rejection('full', 'Too much mail at once; come again later');
  } catch (error) {
    return toRejection(error);
  }
}

/** Larger messages go from memory to a file. */
const IN_MEMORY = 262_144;

/** The content of a stream: in memory while it is small, then in an unlinked file, which no crash can leave behind. */
function openSpool(budget: MemoryBudget) {
  let chunks: Buffer[] = [];
  let file: FileHandle | null = null;
  let size = 0;
  return {
    /** False if the budget is exhausted. @throws if the disk is full */
    async add(chunk: Buffer): Promise<boolean> {
      if (!budget.take(chunk.length)) return false;
      size += chunk.length;
      chunks.push(chunk);
      if (size <= IN_MEMORY) return true;
      file ??= await openUnlinked(budget.folder);
      await file.writev(chunks);
      chunks = [];
      return true;
    },
    /** Passes the whole content to `work`, in a buffer that is reused afterwards. */
    async read<T>(work: (content: Buffer) => Promise<T>): Promise<T> {
      const source = file;
      if (!source) return work(Buffer.concat(chunks));
      return budget.exclusive(size, async (content) => {
        for (let at = 0; at < size;) at += (await source.read(content, at, size - at, at)).bytesRead;
        return work(content);
      });
    },
    /** Frees its share of the budget. May be called repeatedly. */
    async close(): Promise<void> {
      budget.free(size);
      [size, chunks] = [0, []];
      await file?.close();
      file = null;
    },
  };
}

async function openUnlinked(folder: string): Promise<FileHandle> {
  const path = join(folder, `incoming.${randomBytes(8).toString('hex')}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}
