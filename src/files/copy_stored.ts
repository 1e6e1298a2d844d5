import { Missing } from '../errors.js';
import type { Storage } from './storage.js';

interface Copied {
  size: number;
  /** False if it was there already. */
  fresh: boolean;
}

/** Copies bytes from one storage to another, unless they are there. Null if they are missing, or aren't what they were. */
export async function copyStored(from: Storage, to: Storage, sha256: string): Promise<Copied | null> {
  const there = await to.sizeOf(sha256);
  if (there !== null) return { size: there, fresh: false };
  const found = await from.read(sha256).catch(orNull);
  if (!found) return null;
  const held = await to.hold(found.bytes);
  if (held.sha256 === sha256) {
    await to.keep(held, '', '');
    return { size: held.size, fresh: true };
  }
  await to.discard(held);
  return null;
}

function orNull(error: unknown): null {
  if (error instanceof Missing) return null;
  throw error;
}
