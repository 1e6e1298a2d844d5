import { readdirSync, readFileSync } from 'node:fs';

/** The fields of /proc/PID/stat after the name, which is in parentheses: see proc(5), from field 3 on. */
const stat = (pid: number | string) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');

/** Linux counts it in hundredths of a second. */
const TICK_MS = 10;

const parentOf = (pid: number | string) => Number(stat(pid)[1]);

/** The processor time of a process that has one thread, in ms. */
const ownTime = (pid: string) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/**
 * Tells the processor time that a PostgreSQL server has taken, in ms: all of its processes, those that have ended, too.
 * `backend`: one of them.
 */
export function postgresTime(backend: number): () => number {
  const postmaster = parentOf(backend);
  return () => {
    const living = childrenOf(postmaster).map((pid) => orGone(() => ownTime(pid)));
    const [, , , , , , , , , , , , , ended_user, ended_system] = stat(postmaster);
    return living.reduce((sum, ms) => sum + ms, (Number(ended_user) + Number(ended_system)) * TICK_MS);
  };
}

/** The processor time of a process and all below it, in ms. */
export function treeTime(pid: number): number {
  const [, , , , , , , , , , , user, system] = stat(pid);
  const below = childrenOf(pid).map((child) => orGone(() => treeTime(Number(child))));
  return below.reduce((sum, ms) => sum + ms, (Number(user) + Number(system)) * TICK_MS);
}

const childrenOf = (parent: number) =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && orGone(() => Number(parentOf(pid) === parent)) === 1);

/** Zero for a process that has ended meanwhile. */
function orGone(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}
