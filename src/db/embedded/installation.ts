import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, realpath, rm, rmdir, stat, symlink, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Account, type Binaries, findBinaries } from './binaries.js';

const run = promisify(execFile);

/** What the server runs from: its programs, its data and its account. */
export interface Installation {
  readonly binaries: Binaries;
  readonly data_dir: string;
  /** Undefined: our own account. */
  readonly account: Account | undefined;
}

/** Used where the server's account can't enter root's home. */
const sharedFolder = '/var/lib/parley';

/**
 * Chooses account, programs and data folder. For an ordinary user it is all as requested. As root, the server runs as
 * the owner of the data, or else as `postgres` or `nobody`; if that account can't reach the data folder (a home with
 * mode 0700, a mount that forbids chown), the data goes to a folder under /var/lib/parley, and the requested folder
 * becomes a link to it. Programs out of reach are copied there too.
 * @throws Error, for the terminal, if there is no such account or place.
 */
export async function findInstallation(requested_dir: string): Promise<Installation> {
  const requested = resolve(requested_dir);
  const account = process.getuid?.() === 0 ? await findAccount(requested) : undefined;
  const data_dir = account === undefined ? await makeOwnFolder(requested) : await prepareData(requested, account);
  const binaries = await findBinaries(account, account === undefined ? data_dir : sharedFolder);
  return { binaries, data_dir, account };
}

async function findAccount(data_dir: string): Promise<Account> {
  const owner = await stat(data_dir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (
    (await accountNamed('postgres')) ??
    (await accountNamed('nobody')) ??
    Promise.reject(
      new Error(
        'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody". ' +
          'Set DATABASE_URL, or start as another user.',
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

async function prepareData(requested: string, account: Account): Promise<string> {
  const own = await giveTo(account, requested);
  if (own !== undefined) return own;
  await mkdir(sharedFolder, { recursive: true });
  // A strict umask of root must not lock the server's account out.
  await chmod(sharedFolder, 0o755);
  const shared = await mkdtemp(join(sharedFolder, `${basename(requested)}-`));
  if ((await giveTo(account, shared)) !== undefined && (await replaceWithLink(requested, shared))) return shared;
  await rm(shared, { recursive: true });
  throw new Error(
    `The database can't live in ${requested}: the user that runs it can't go there. ` +
      'Move the project, or set DATABASE_URL.',
  );
}

/** Makes `folder` a link to `target`, unless there is data in it already. */
async function replaceWithLink(folder: string, target: string): Promise<boolean> {
  try {
    await rmdir(folder).catch(() => unlink(folder));
    await symlink(target, folder);
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
      `The database in ${data_dir} belongs to another user (was Parley started by root before?). ` +
        'Start as that user, or set DATABASE_URL.',
    );
  }
  return realpath(data_dir);
}

/**
 * Makes the account the folder's owner. Returns its real path, which identifies a server left running there; undefined
 * if the account can't use it.
 */
async function giveTo(account: Account, folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const data_dir = await realpath(folder);
    await chown(data_dir, account.uid, account.gid);
    // The system itself decides, since owner and mode don't tell everything (ACLs, mounts).
    await run('/bin/sh', ['-c', 'cd "$0" && test -w .', data_dir], { ...account, cwd: '/' });
    return data_dir;
  } catch {
    return undefined;
  }
}
