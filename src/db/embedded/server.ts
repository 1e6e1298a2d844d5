import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverEnvironment } from './binaries.js';
import type { Installation } from './installation.js';

const run = promisify(execFile);

/** Names the socket file; there is no TCP. Said aloud, since PGPORT would change both sides' default. */
export const port = 5432;

/** A server that accepts connections. */
export interface Server {
  /** The folder of its socket. */
  readonly socket: string;
  /** Resolves with its last lines once it has ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** The folder that PostgreSQL calls its data directory. */
export function clusterOf(home: Installation): string {
  return join(home.data_dir, 'cluster');
}

/**
 * Runs initdb unless it has been run. In a folder aside that is renamed at the end, so that one that was cut off
 * leaves no half cluster.
 */
export async function makeCluster(home: Installation): Promise<void> {
  const cluster = clusterOf(home);
  for (const name of await readdir(home.data_dir)) {
    if (name.startsWith('cluster.new'))
      await rm(join(home.data_dir, name), { recursive: true, force: true, maxRetries: 5 });
  }
  if ((await stat(cluster).catch(() => undefined)) !== undefined) return;
  const aside = `${cluster}.new.${process.pid}`;
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const access = ['-U', 'postgres', '--auth-local=trust', '--auth-host=scram-sha-256'];
  await run(home.binaries.initdb, ['-D', aside, ...access, ...locale, '--no-sync'], {
    ...home.account,
    cwd: '/',
    env: serverEnvironment,
  });
  await rename(aside, cluster);
}

/** The folder of the socket: whoever may enter it may be any database user, so it is the server's user's alone. */
async function makeSocketFolder(home: Installation): Promise<string> {
  const near = join(home.data_dir, 'socket');
  // The system's limit for the whole path is 103 bytes on macOS and 107 on Linux, and "/.s.PGSQL.5432" takes 14.
  const folder = Buffer.byteLength(near) < 89 ? near : await mkdtemp(join(tmpdir(), 'parley-'));
  // What a killed server left there may name a pid that is a zombie's or a stranger's now.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (home.account !== undefined) await chown(folder, home.account.uid, home.account.gid);
  return folder;
}

/** Starts the server and waits until it accepts connections. Throws with its own words if it ends before. */
export async function launchServer(home: Installation, fsync: boolean): Promise<Server> {
  const socket = await makeSocketFolder(home);
  const child = spawnServer(home, socket, fsync);
  const interrupt = () => child.kill('SIGINT');
  process.once('exit', interrupt);
  const { heard, exited } = listen(child, 'ready to accept connections');
  const ended = exited.finally(async () => {
    process.off('exit', interrupt);
    if (!socket.startsWith(home.data_dir)) await rm(socket, { recursive: true, force: true });
  });
  await Promise.race([
    heard,
    ended.then((words) => Promise.reject(new Error(`PostgreSQL did not start: ${fatal(words)}`))),
  ]);
  return {
    socket,
    exited: ended,
    stop: async () => {
      interrupt();
      await ended;
    },
  };
}

function spawnServer(home: Installation, socket: string, fsync: boolean): ChildProcess {
  const settings = [
    'listen_addresses=',
    'unix_socket_permissions=0700',
    `port=${port}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  if (!fsync) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const args = ['-D', clusterOf(home), '-k', socket, ...settings.flatMap((setting) => ['-c', setting])];
  // Detached: the terminal's Ctrl-C is for us, and we stop the server once we are done with it.
  return spawn(home.binaries.postgres, args, {
    ...home.account,
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * Reads what the server says until it ends (or it would block on a full pipe): when the phrase was heard, and the
 * last words.
 */
function listen(child: ChildProcess, phrase: string): { heard: Promise<void>; exited: Promise<string> } {
  let words = '';
  const heard = new Promise<void>((resolve) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4000);
      if (words.includes(phrase)) resolve();
    });
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(words.trim()));
  });
  return { heard, exited };
}

function fatal(words: string): string {
  return words.slice(Math.max(0, words.search(/FATAL|PANIC/)));
}
