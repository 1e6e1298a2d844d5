import { NotTaken, notKept } from './rejection.js';
import { takeNotes } from './spool.js';
import type { Room } from './memory_budget.js';

/**
 * Hears a stream to its end, and does the work with what it said. What goes beyond a limit is heard and not kept, so
 * that the other side hears our answer; its room is free for others at once. @throws NotTaken if it says more than
 * `most` bytes, or there is no room now
 */
export async function hear<T>(
  stream: AsyncIterable<Buffer>,
  most: number,
  room: Room,
  work: (said: Buffer) => Promise<T>,
): Promise<T> {
  const notes = takeNotes(room);
  let size = 0;
  let wrong: NotTaken | null = null;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > most) wrong = new NotTaken('too_large', `At most ${Math.round(most / 2 ** 20)} MB`);
      else wrong ??= await kept(notes, chunk);
      if (wrong) await notes.drop();
    }
    if (wrong) throw wrong;
    return await notes.read(work);
  } finally {
    await notes.drop();
  }
}

async function kept(notes: ReturnType<typeof takeNotes>, chunk: Buffer): Promise<NotTaken | null> {
  try {
    return (await notes.add(chunk)) ? null : new NotTaken('full', 'Too much mail at once; come again later');
  } catch (error) {
    return notKept(error);
  }
}
