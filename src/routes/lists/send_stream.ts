import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Sends what is read meanwhile. A client that is slow to take it slows the reading down; one that leaves ends it, and is
 * no error. `begin` sets the headers, once the first part is there: what can't be read at all is answered as an error.
 * @throws what the reading fails with
 */
export async function sendStream(
  res: Response,
  parts: AsyncIterable<string | Uint8Array>,
  begin: () => void,
): Promise<void> {
  const reading = parts[Symbol.asyncIterator]();
  const first = await reading.next();
  const failure: { error?: unknown } = {};
  async function* all() {
    try {
      for (let next = first; !next.done; next = await reading.next()) yield next.value;
    } catch (error) {
      failure.error = error;
      throw error;
    } finally {
      await reading.return?.();
    }
  }
  begin();
  await pipeline(all, res).catch((error: unknown) => {
    if ('error' in failure || !res.destroyed) throw error;
  });
}
