import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The command line of a living process; '' if there is none, or only a zombie. */
export async function commandLine(pid: number): Promise<string> {
  // A minimal Linux has no ps; a zombie's command line is empty in /proc.
  if (process.platform === 'linux') return (await readOrEmpty(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ').trim();
  return ps(pid, 'command=');
}

/** When a process started, to tell it from a later one with the same pid; '' if it isn't alive. */
export async function startTime(pid: number): Promise<string> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return '';
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const [boot, status] = await Promise.all([
    readOrEmpty('/proc/sys/kernel/random/boot_id'),
    readOrEmpty(`/proc/${pid}/stat`),
  ]);
  // proc(5): field 2, the name, may hold spaces and brackets; after it come field 3, the state, and 22, the start time.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  if (status === '' || fields[0] === 'Z') return '';
  return `${boot.trim()} ${fields[19] ?? ''}`;
}

async function ps(pid: number, column: string): Promise<string> {
  try {
    return (await run('ps', ['-p', String(pid), '-o', column])).stdout.trim();
  } catch {
    return '';
  }
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
