import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Installation } from './installation.js';
import { commandOf } from './process_info.js';
import { clusterOf } from './server.js';

/**
 * A killed Node leaves its server running. Stops that one in order (SIGINT, "fast shutdown"), so that ours finds a
 * clean folder. Call only as the owner of the folder.
 */
export async function stopOrphan(home: Installation): Promise<void> {
  const cluster = clusterOf(home);
  const file = join(cluster, 'postmaster.pid');
  const words = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(words, 10);
  if (!(pid > 0)) return;
  if (await isServer(pid, cluster)) {
    await stopServer(pid, cluster);
  } else {
    // The pid is a zombie's or a stranger's by now, and PostgreSQL would wait for it to end. It takes its own
    // parent's pid for stale, but still looks for backends that use the shared memory named in the file, which
    // deleting the file would prevent.
    await writeFile(file, words.replace(/^\d+/, String(process.pid)));
  }
}

async function isServer(pid: number, cluster: string): Promise<boolean> {
  return (await commandOf(pid)).includes(`postgres -D ${cluster} `);
}

async function stopServer(pid: number, cluster: string): Promise<void> {
  const begun = Date.now();
  process.kill(pid, 'SIGINT');
  while (await isServer(pid, cluster)) {
    if (Date.now() - begun > 60_000)
      throw new Error(`An earlier PostgreSQL (process ${pid}) does not stop. Stop it by hand and start again.`);
    await wait(10);
  }
}
