import { readdir, readFile } from 'node:fs/promises';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: string;
}

/** Living processes that fit, from /proc. A zombie has no command line: it does not live. */
export async function processes(fits: (it: Process) => boolean): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(describe));
  return all.filter((it) => it.command !== '' && fits(it));
}

async function describe(pid: number): Promise<Process> {
  const [status, command] = await Promise.all(
    ['stat', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  );
  const fields = (status ?? '').slice((status ?? '').lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(fields[1]), group: Number(fields[2]), command: command ?? '' };
}
