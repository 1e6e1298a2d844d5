import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, realpath, rm, rmdir, stat, symlink, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Account, type Binaries, findBinaries } from './binaries.js';

const run = promisify(execFile);

/** Where the server lives: its programs, its data and the user it runs as. */
export interface Installation {
  readonly binaries: Binaries;
  readonly data_dir: string;
  /** Undefined: run as ourselves. */
  readonly account: Account | undefined;
}

/** Out of root's own home, where the server's user may go. */
const sharedFolder = '/var/lib/parley';

/**
 * Chooses user, programs and data folder. As an ordinary user all is as asked for. As root the server runs as the
 * owner of the data, or else as `postgres` or `nobody`; if that user can't reach the data folder (a project under a
 * home with mode 0700, a mount that forbids chown) a folder under /var/lib/parley takes the data, and the one asked
 * for becomes a link to it. Programs out of reach are copied there too.
 */
export async function findInstallation(wanted: string): Promise<Installation> {
  const asked = resolve(wanted);
  const account = process.getuid?.() === 0 ? await accountFor(asked) : undefined;
  const data_dir = account === undefined ? await makeOwnFolder(asked) : await prepareData(asked, account);
  const binaries = await findBinaries(account, account === undefined ? data_dir : sharedFolder);
  return { binaries, data_dir, account };
}

async function accountFor(data_dir: string): Promise<Account> {
  const owner = await stat(data_dir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (
    (await accountNamed('postgres')) ??
    (await accountNamed('nobody')) ??
    Promise.reject(
      new Error(
        'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody". Set DATABASE_URL, or start as another user.',
      ),
    )
  );
}

async function accountNamed(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

async function prepareData(asked: string, account: Account): Promise<string> {
  const given = await handOver(asked, account);
  if (given !== undefined) return given;
  await mkdir(sharedFolder, { recursive: true });
  // A strict umask of root must not lock the server's user out.
  await chmod(sharedFolder, 0o755);
  const instead = await mkdtemp(join(sharedFolder, `${basename(asked)}-`));
  if ((await handOver(instead, account)) !== undefined && (await leadTo(instead, asked))) return instead;
  await rm(instead, { recursive: true });
  throw new Error(
    `The database can't live in ${asked}: the user that runs it can't go there. Move the project, or set DATABASE_URL.`,
  );
}

/** Makes `asked` a link to `instead`, unless there is data in it already. */
async function leadTo(instead: string, asked: string): Promise<boolean> {
  try {
    await rmdir(asked).catch(() => unlink(asked));
    await symlink(instead, asked);
    return true;
  } catch {
    return false;
  }
}

async function makeOwnFolder(data_dir: string): Promise<string> {
  await mkdir(data_dir, { recursive: true, mode: 0o700 });
  const { uid } = await stat(data_dir);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new Error(
      `The database in ${data_dir} belongs to another user (was Parley started by root before?). Start as that user, or set DATABASE_URL.`,
    );
  }
  return realpath(data_dir);
}

/**
 * Gives the folder to the account. Returns its one true name, by which a server left behind is known; undefined if
 * that can't be done.
 */
async function handOver(folder: string, account: Account): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const data_dir = await realpath(folder);
    await chown(data_dir, account.uid, account.gid);
    // Asked of the system itself, since ids and modes alone don't tell (ACLs, mounts).
    await run('/bin/sh', ['-c', 'cd "$0" && test -w .', data_dir], { ...account, cwd: '/' });
    return data_dir;
  } catch {
    return undefined;
  }
}
