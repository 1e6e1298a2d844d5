import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverEnvironment } from './binaries.js';
import type { Installation } from './installation.js';

const run = promisify(execFile);

/** Names the socket file; there is no TCP. Given explicitly, since PGPORT would change both sides' default. */
export const port = 5432;

/** A server that accepts connections. */
export interface Server {
  /** Resolves with its last output once it has ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** The folder that PostgreSQL calls its data directory. */
export function clusterFolder(installation: Installation): string {
  return join(installation.data_dir, 'cluster');
}

/** Runs initdb if it hasn't run yet, in a folder that is renamed at the end: a killed one leaves no half cluster. */
export async function makeCluster(installation: Installation, say: (text: string) => void): Promise<void> {
  const cluster = clusterFolder(installation);
  for (const name of await readdir(installation.data_dir)) {
    if (name.startsWith('cluster.new'))
      await rm(join(installation.data_dir, name), { recursive: true, force: true, maxRetries: 5 });
  }
  if ((await stat(cluster).catch(() => undefined)) !== undefined) return;
  say('Making the database …');
  const temporary = `${cluster}.new.${process.pid}`;
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const access = ['-U', 'postgres', '--auth-local=trust', '--auth-host=scram-sha-256'];
  await run(installation.binaries.initdb, ['-D', temporary, ...access, ...locale, '--no-sync'], {
    ...installation.account,
    cwd: '/',
    env: serverEnvironment,
  });
  await rename(temporary, cluster);
}

/** Where the server's socket is. */
export interface SocketFolder {
  readonly path: string;
  /** Removes what a server that was killed left: its lock may name a pid that is another program's by now. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/** The folder of the socket. Whoever can enter it can be any database user, so only the server's account may. */
export async function makeSocketFolder(installation: Installation): Promise<SocketFolder> {
  const preferred = join(installation.data_dir, 'socket');
  // The system's limit for the whole path is 103 bytes on macOS and 107 on Linux, and "/.s.PGSQL.5432" takes 14.
  const folder = Buffer.byteLength(preferred) < 89 ? preferred : await mkdtemp(join(tmpdir(), 'parley-'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (installation.account !== undefined) await chown(folder, installation.account.uid, installation.account.gid);
  return {
    path: folder,
    clear: async () => {
      for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
    },
    remove: async () => {
      if (folder !== preferred) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server and waits until it accepts connections. @throws Error with its last output if it ends before. */
export async function launchServer(installation: Installation, socket: SocketFolder, fsync: boolean): Promise<Server> {
  const child = spawnServer(installation, socket.path, fsync);
  const interrupt = () => child.kill('SIGINT');
  process.once('exit', interrupt);
  const { ready, exited } = watchOutput(child, 'ready to accept connections');
  const ended = exited.finally(() => process.off('exit', interrupt));
  await Promise.race([
    ready,
    ended.then((output) => Promise.reject(new Error(`PostgreSQL did not start: ${fromFatal(output)}`))),
  ]);
  return {
    exited: ended,
    stop: async () => {
      interrupt();
      await ended;
    },
  };
}

function spawnServer(installation: Installation, socket: string, fsync: boolean): ChildProcess {
  const settings = [
    'listen_addresses=',
    'unix_socket_permissions=0700',
    `port=${port}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  if (!fsync) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const args = ['-D', clusterFolder(installation), '-k', socket, ...settings.flatMap((setting) => ['-c', setting])];
  // Detached: Ctrl-C in the terminal is for us, and we stop the server once we are done with it.
  return spawn(installation.binaries.postgres, args, {
    ...installation.account,
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * Reads the server's output until it ends (it would block on a full pipe). `ready` resolves at the phrase, `exited`
 * with the last output.
 */
function watchOutput(child: ChildProcess, phrase: string): { ready: Promise<void>; exited: Promise<string> } {
  let output = '';
  const ready = new Promise<void>((resolve) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4000);
      if (output.includes(phrase)) resolve();
    });
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(output.trim()));
  });
  return { ready, exited };
}

function fromFatal(output: string): string {
  return output.slice(Math.max(0, output.search(/FATAL|PANIC/)));
}
