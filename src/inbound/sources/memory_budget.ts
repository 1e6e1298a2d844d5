import { join } from 'node:path';
import { type Config, root } from '../../config.js';

/** Limits the bytes held for messages in transit, shared by all senders of a source. */
export interface MemoryBudget {
  /** Reserves bytes until they are freed; false if there aren't as many left. */
  take(bytes: number): boolean;
  free(bytes: number): void;
  /** Runs work one at a time with a reused buffer, so that only one large message is in memory. */
  exclusive<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T>;
  /** Where messages that don't stay in memory are spooled. */
  folder: string;
}

export function memoryBudget(limit: number, { data_dir }: Pick<Config, 'data_dir'>): MemoryBudget {
  let used = 0;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let buffer = Buffer.alloc(0);
  const run = async <T>(bytes: number, work: (buffer: Buffer) => Promise<T>) => {
    if (buffer.length < bytes) buffer = Buffer.allocUnsafeSlow(bytes);
    try {
      return await work(buffer.subarray(0, bytes));
    } finally {
      waiting -= 1;
      if (waiting === 0) buffer = Buffer.alloc(0);
    }
  };
  return {
    take(bytes) {
      if (used + bytes > limit) return false;
      used += bytes;
      return true;
    },
    free(bytes) {
      used -= bytes;
    },
    exclusive(bytes, work) {
      waiting += 1;
      const result = last.then(() => run(bytes, work));
      last = result.catch(() => {});
      return result;
    },
    folder: data_dir ?? join(root, 'data'),
  };
}
