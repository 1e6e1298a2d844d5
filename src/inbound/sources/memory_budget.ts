import { join } from 'node:path';
import { type Config, root } from '../../config.js';

/** Room for so many bytes at a time, shared by all who send to us. */
export interface MemoryBudget {
  /** Whether there was room for them; if so, it is theirs until it is given back. */
  take(bytes: number): boolean;
  free(bytes: number): void;
  /**
   * Does the work while no other such work is done, in a buffer that the next one gets again: so only one large
   * message is in memory.
   */
  alone<T>(bytes: number, work: (buffer: Buffer) => Promise<T>): Promise<T>;
  /** Where what does not fit the memory lies meanwhile. */
  folder: string;
}

export function memoryBudget(most: number, { data_dir }: Pick<Config, 'data_dir'>): MemoryBudget {
  let used = 0;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let buffer = Buffer.alloc(0);
  const inTurn = async <T>(bytes: number, work: (buffer: Buffer) => Promise<T>) => {
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
      if (used + bytes > most) return false;
      used += bytes;
      return true;
    },
    free(bytes) {
      used -= bytes;
    },
    alone(bytes, work) {
      waiting += 1;
      const mine = last.then(() => inTurn(bytes, work));
      last = mine.catch(() => {});
      return mine;
    },
    folder: data_dir ?? join(root, 'data'),
  };
}
