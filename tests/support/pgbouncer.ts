import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionTo } from './database.js';
import { freePort } from './ports.js';

const PROGRAM = '/usr/sbin/pgbouncer';

/** Why there is no PgBouncer to test with; false if there is. */
export const noPgBouncer: string | false = !existsSync(PROGRAM) && 'PgBouncer is not installed';

/** A real PgBouncer in transaction mode, in front of the tests' PostgreSQL. */
export async function openPgBouncer() {
  const folder = await mkdtemp(join(tmpdir(), 'parley-pgbouncer-'));
  const [port, { host }] = [await freePort(), connectionTo('')];
  // Only the server's account may use its socket, and PgBouncer won't run as root.
  const { uid, gid } = await stat(host);
  const [ini, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'users')];
  await writeFile(users, '"parley" ""\n');
  await writeFile(ini, settings(host, port, users));
  await chmod(folder, 0o755);
  for (const path of [ini, users]) await chown(path, uid, gid);
  let child = await launch(ini, uid, gid);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: (database: string) => `postgresql://parley@127.0.0.1:${port}/${database}`,
    kill,
    async start() {
      child = await launch(ini, uid, gid);
    },
    async close() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(ini: string, uid: number, gid: number): Promise<ChildProcess> {
  const child = spawn(PROGRAM, [ini], { uid, gid, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('process up')) resolve();
    });
    child.once('exit', () => reject(new Error(output)));
  });
  return child;
}

const settings = (host: string, port: number, users: string) => `
[databases]
* = host=${host} port=5432 user=parley
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 3
server_login_retry = 1
`;
