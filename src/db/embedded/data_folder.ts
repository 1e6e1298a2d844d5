import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { commandLine, startTime } from './process_info.js';

/** Held by the one process that runs the server of a data folder. */
interface DataLock {
  release(): Promise<void>;
}

/**
 * Makes this process the owner of the data folder. The lock is a file with its pid and start time: by the time the
 * file is read, the pid alone may be another program's. @throws Error if the owner is alive.
 */
export async function lockDataFolder(data_dir: string): Promise<DataLock> {
  const lock = join(data_dir, 'owner');
  const temporary = `${lock}.${process.pid}`;
  const owner = `${process.pid} ${await startTime(process.pid)}`;
  await writeFile(temporary, owner, { mode: 0o644 });
  try {
    // link() makes the lock and its content appear in one step, and fails if there is one.
    while (!(await succeeds(link(temporary, lock)))) await removeDead(lock);
  } finally {
    await rm(temporary, { force: true });
  }
  return {
    release: async () => {
      if ((await read(lock)) === owner) await rm(lock, { force: true });
    },
  };
}

async function removeDead(lock: string): Promise<void> {
  const owner = await read(lock);
  if (owner === undefined) return;
  const [pid = '', ...rest] = owner.split(' ');
  const start = await startTime(Number(pid));
  if (start !== '' && start === rest.join(' ')) {
    throw new Error(
      `Parley already runs here (process ${pid}). ` +
        'Stop it first, or give this one a database of its own with DATABASE_URL.',
    );
  }
  const dead = `${lock}.dead.${process.pid}`;
  if (!(await succeeds(rename(lock, dead)))) return;
  // Another process may have locked the folder between the read and the rename: put its lock back.
  if ((await read(dead)) !== owner) await succeeds(link(dead, lock));
  await rm(dead, { force: true });
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

/**
 * Stops the server that a killed Parley left running in `cluster`, in order (SIGINT, "fast shutdown"), so that ours
 * finds clean data. Only the owner of the data folder may call this.
 */
export async function stopOrphan(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const content = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(content, 10);
  if (!(pid > 0)) return;
  if (await isServer(pid, cluster)) {
    await stopServer(pid, cluster);
  } else {
    // The pid is a zombie's or another program's, and PostgreSQL would wait for that to end. It takes its parent's pid
    // for stale. Deleting the file instead would skip its check for backends that still use the shared memory.
    await writeFile(file, content.replace(/^\d+/, String(process.pid)));
  }
}

async function isServer(pid: number, cluster: string): Promise<boolean> {
  return (await commandLine(pid)).includes(`postgres -D ${cluster} `);
}

async function stopServer(pid: number, cluster: string): Promise<void> {
  const start = Date.now();
  process.kill(pid, 'SIGINT');
  while (await isServer(pid, cluster)) {
    if (Date.now() - start > 60_000)
      throw new Error(`An earlier PostgreSQL (process ${pid}) does not stop. Stop it by hand and start again.`);
    await wait(10);
  }
}
