import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOf } from './process_info.js';

/** Held by the one process that runs the server of a data folder. */
export interface DataLock {
  release(): Promise<void>;
}

/**
 * Makes this process the owner of the data folder. The lock is a file with our pid and the time we started: a pid
 * alone may be another program's by now. Throws if its owner lives.
 */
export async function lockDataFolder(data_dir: string): Promise<DataLock> {
  const lock = join(data_dir, 'owner');
  const mine = `${lock}.${process.pid}`;
  const words = `${process.pid} ${await startOf(process.pid)}`;
  await writeFile(mine, words, { mode: 0o644 });
  try {
    // link() makes the lock and its content appear in one step, and fails if there is one.
    while (!(await succeeds(link(mine, lock)))) await removeDead(lock);
  } finally {
    await rm(mine, { force: true });
  }
  return {
    release: async () => {
      if ((await read(lock)) === words) await rm(lock, { force: true });
    },
  };
}

async function removeDead(lock: string): Promise<void> {
  const words = await read(lock);
  if (words === undefined) return;
  const [pid = '', ...rest] = words.split(' ');
  const start = await startOf(Number(pid));
  if (start !== '' && start === rest.join(' ')) {
    throw new Error(
      `Parley already runs here (process ${pid}). Stop it first, or give this one a database of its own with DATABASE_URL.`,
    );
  }
  const aside = `${lock}.dead.${process.pid}`;
  if (!(await succeeds(rename(lock, aside)))) return;
  // Between reading and moving, another process may have taken it: give it back.
  if ((await read(aside)) !== words) await succeeds(link(aside, lock));
  await rm(aside, { force: true });
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isExpected(error)) return false;
    throw error;
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOENT');
}
