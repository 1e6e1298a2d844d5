import { Rejection, toRejection } from './rejection.js';
import { openSpool } from './spool.js';
import type { MemoryBudget } from './memory_budget.js';

/**
 * Hears a stream to its end, and does the work with what it said. What goes beyond a limit is heard and not kept, so
 * that the other side hears our answer; its room is free for others at once. @throws NotTaken if it says more than
 * `most` bytes, or there is no room now
 */
export async function readStream<T>(
  stream: AsyncIterable<Buffer>,
  most: number,
  room: MemoryBudget,
  work: (said: Buffer) => Promise<T>,
): Promise<T> {
  const notes = openSpool(room);
  let size = 0;
  let wrong: Rejection | null = null;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > most) wrong = new Rejection('too_large', `At most ${Math.round(most / 2 ** 20)} MB`);
      else wrong ??= await kept(notes, chunk);
      if (wrong) await notes.drop();
    }
    if (wrong) throw wrong;
    return await notes.read(work);
  } finally {
    await notes.drop();
  }
}

async function kept(notes: ReturnType<typeof openSpool>, chunk: Buffer): Promise<Rejection | null> {
  try {
    return (await notes.add(chunk)) ? null : new Rejection('full', 'Too much mail at once; come again later');
  } catch (error) {
    return toRejection(error);
  }
}
