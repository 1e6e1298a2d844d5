import { copyStored } from '../../files/copy_stored.js';
import type { Storage } from '../../files/storage.js';

interface Moved {
  /** How many are whole in the new place, and how many of them were copied just now. */
  files: number;
  fresh: number;
  /** What is damaged in the old place, or was not copied whole. */
  faults: string[];
}

const AT_ONCE = 8;

/**
 * Copies what a storage holds to another, which verifies each by its hash; what is there already is skipped, so that
 * it can be broken off and run again. Nothing is removed.
 */
export async function moveFiles(from: Storage, to: Storage): Promise<Moved> {
  const moved: Moved = { files: 0, fresh: 0, faults: [] };
  const copyAll = async (left: AsyncIterator<{ sha256: string; size: number }>) => {
    for (let next = await left.next(); !next.done; next = await left.next()) {
      const { sha256, size } = next.value;
      const copied = await copyStored(from, to, sha256);
      if (copied?.size !== size) moved.faults.push(sha256);
      else moved.files += 1;
      if (copied?.fresh) moved.fresh += 1;
    }
  };
  const left = wholeIn(from);
  await Promise.all(Array.from({ length: AT_ONCE }, () => copyAll(left)));
  return moved;
}

async function* wholeIn(storage: Storage) {
  for await (const { sha256, size } of storage.list()) if (sha256) yield { sha256, size };
}
