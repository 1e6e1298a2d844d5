import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { type EmbeddedOptions, type EmbeddedPostgres, startPostgres } from '../../src/db/embedded/postgres.js';
import { processes } from '../support/processes.js';

test('PostgreSQL: the first start creates the cluster, the next ones reuse it', async (t) => {
  const { data_dir, start } = await temporaryHome(t);
  // What an initdb that was cut off leaves.
  await mkdir(join(data_dir, 'cluster.new.1', 'base'), { recursive: true });

  const first = await start({ fsync: false });
  assert.deepEqual(
    await query(first, `select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user`),
    [{ rolsuper: false, rolbypassrls: false, rolcreatedb: false }],
  );
  await query(
    first,
    `create extension citext; create extension pg_trgm; create table kept as select 'ok'::citext as word`,
  );
  await assert.rejects(query(first, `create database other`), /permission denied/);
  await assert.rejects(startPostgres({ data_dir }), /already runs here/);
  assert.equal((await stat(first.connection().host)).mode & 0o777, 0o700);
  assert.ok(!(await readdir(data_dir)).includes('cluster.new.1'));
  await first.stop();
  await first.stop();
  await assert.rejects(query(first, 'select 1'));

  const second = await start({ create_databases: true });
  assert.deepEqual(await query(second, `select word, current_setting('fsync') as fsync from kept`), [
    { word: 'ok', fsync: 'on' },
  ]);
  await query(second, `create database other`);
  await second.stop();
});

test('PostgreSQL: one owner at a time; the server of a killed owner is stopped, and nothing is lost', async (t) => {
  const { data_dir, start } = await temporaryHome(t);
  const owner = await startOwner(data_dir);
  t.after(async () => void owner.kill('SIGKILL'));
  await assert.rejects(startPostgres({ data_dir }), new RegExp(`Parley already runs here \\(process ${owner.pid}\\)`));

  const orphan = Number.parseInt(await readFile(join(data_dir, 'cluster', 'postmaster.pid'), 'utf8'), 10);
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  assert.ok(await isRunning(orphan), 'the server outlives its owner');

  const server = await start({});
  assert.ok(!(await isRunning(orphan)));
  assert.deepEqual(await query(server, 'select count(*)::int as count from kept'), [{ count: 1000 }]);
  await server.stop();
});

test('PostgreSQL: a process id of long ago that is another program now is no obstacle', async (t) => {
  const { data_dir, start } = await temporaryHome(t);
  const server = await start({ fsync: false });
  const file = join(data_dir, 'cluster', 'postmaster.pid');
  const words = await readFile(file, 'utf8');
  await server.stop();
  await writeFile(file, words.replace(/^\d+/, String(process.ppid)));
  await writeFile(join(data_dir, 'owner'), `${process.ppid} of another time`);
  const again = await start({ fsync: false });
  await again.stop();
});

interface Cleaner {
  after(work: () => Promise<void>): void;
}

interface TemporaryHome {
  readonly data_dir: string;
  readonly start: (options: Omit<EmbeddedOptions, 'data_dir'>) => Promise<EmbeddedPostgres>;
}

/**
 * A folder that the server's user can reach when the tests run as root. Its servers end with the test, however it
 * ends.
 */
async function temporaryHome(t: Cleaner): Promise<TemporaryHome> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-ground-'));
  const servers: EmbeddedPostgres[] = [];
  t.after(async () => {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  await chmod(folder, 0o755);
  const data_dir = join(folder, 'postgres');
  await mkdir(data_dir);
  return {
    data_dir,
    start: async (options) => {
      const server = await startPostgres({ ...options, data_dir });
      servers.push(server);
      return server;
    },
  };
}

async function query(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new Client(server.connection());
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another Node that starts PostgreSQL, writes a thousand rows and waits to be killed. */
async function startOwner(data_dir: string): Promise<ChildProcess> {
  const script = `
    const { Client } = await import(${JSON.stringify(import.meta.resolve('pg'))});
    const { startPostgres } = await import(${JSON.stringify(new URL('../../src/db/embedded/postgres.js', import.meta.url).href)});
    const server = await startPostgres({ data_dir: ${JSON.stringify(data_dir)} });
    const client = new Client(server.connection());
    await client.connect();
    await client.query('create table kept as select generate_series(1, 1000) as n');
    console.log('ready');`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [words] = await Promise.race([once(owner.stdout, 'data'), once(owner, 'exit')]);
  assert.equal(String(words), 'ready\n');
  return owner;
}

/** A zombie does not run. */
async function isRunning(pid: number): Promise<boolean> {
  if (process.platform === 'linux') return (await processes((it) => it.pid === pid)).length > 0;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
