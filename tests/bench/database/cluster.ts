import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../../src/db/database.js';
import { startPostgres } from '../../../src/db/embedded/postgres.js';
import { migrate } from '../../../src/db/migrate.js';
import { prepareJobs } from '../../../src/jobs/run.js';
import { postgresTime } from '../processor_time.js';

/** A database of the cluster. */
export interface Place {
  name: string;
  /** Through a relay, if the folder of its socket is given. */
  url(host?: string): string;
}

/** A PostgreSQL of its own, durable as in production, whose databases are cloned from one that is migrated. */
export interface Cluster {
  server: { host: string; port: number };
  /** A new database, empty or as another one. Nobody may be connected to that. */
  clone: (of?: Place) => Promise<Place>;
  /** A connection that row security does not bind. */
  admin: (place: Place) => Promise<pg.Client>;
  /** The processor time that all of its processes have taken, in ms. */
  time: () => number;
  stop: () => Promise<void>;
}

export async function openCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ data_dir: join(folder, 'postgres') });
  const { host, port, user, database } = postgres.connection();
  const place = (name: string): Place => ({
    name,
    url: (through = host) => `postgresql://${user}@localhost:${port}/${name}?host=${encodeURIComponent(through)}`,
  });
  const connect = async (name: string) => {
    const client = new pg.Client(postgres.connection(name, 'postgres'));
    client.on('error', () => {}); // the server is stopped first where a figure has failed
    await client.connect();
    return client;
  };
  const db = openDatabase(postgres.connection());
  await migrate(db.knex);
  await prepareJobs(postgres.connection());
  await db.close();
  const root = await connect('postgres');
  const { rows } = await root.query<{ pid: number }>(`select pg_backend_pid() as pid`);
  const time = postgresTime(rows[0]?.pid ?? 0);
  let count = 0;
  return {
    server: { host, port },
    async clone(of = place(database)) {
      const name = `bench_${++count}`;
      await root.query(`create database ${name} owner ${user} template ${of.name} strategy file_copy`);
      return place(name);
    },
    admin: ({ name }) => connect(name),
    time,
    async stop() {
      await root.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
