import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../src/db/database.js';
import { startPostgres } from '../../src/db/embedded/postgres.js';
import { migrate } from '../../src/db/migrate.js';
import { prepareJobs } from '../../src/jobs/run.js';

/** A PostgreSQL of its own, durable as in production, with one migrated database. */
export interface Place {
  server: { host: string; port: number };
  /** Through a relay, if the folder of its socket is given. */
  url(host?: string): string;
  /** Runs statements without the checks of triggers and foreign keys: for what is made in bulk. */
  bulk(statements: (db: pg.Client) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  await chmod(folder, 0o755);
  const postgres = await startPostgres({ data_dir: join(folder, 'postgres') });
  const connection = postgres.connection();
  const db = openDatabase(connection);
  await migrate(db.knex);
  await prepareJobs(connection);
  await db.close();
  const { host, port, user, database } = connection;
  return {
    server: { host, port },
    url: (through = host) => `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(through)}`,
    async bulk(statements) {
      const db = new pg.Client(postgres.connection('parley', 'postgres'));
      await db.connect();
      await db.query('set session_replication_role = replica');
      await statements(db);
      await db.query('vacuum analyze');
      await db.end();
    },
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
