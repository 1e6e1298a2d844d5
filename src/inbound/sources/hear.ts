import { NotTaken } from './not_taken.js';
import type { Room } from './room.js';

/**
 * Hears a stream to its end, and does the work with what it said; its room is held until that is done. What goes beyond a limit is heard
 * and not kept, so that the other side hears our answer. @throws NotTaken if it says more than `most` bytes, or there is no room now
 */
export async function hear<T>(stream: AsyncIterable<Buffer>, most: number, room: Room, work: (said: Buffer) => Promise<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let [size, kept] = [0, 0];
  try {
    for await (const chunk of stream) {
      const whole = kept === size;
      size += chunk.length;
      if (size > most) chunks.length = 0;
      if (!whole || size > most || !room.take(chunk.length)) continue;
      chunks.push(chunk);
      kept = size;
    }
    if (size > most) throw new NotTaken('too_large', `At most ${Math.round(most / 2 ** 20)} MB`);
    if (kept < size) throw new NotTaken('full', 'Too much mail at once; come again later');
    const said = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    chunks.length = 0;
    return await work(said);
  } finally {
    room.free(kept);
  }
}
