import pg from 'pg';
import { lockDataFolder, stopOrphan } from './data_folder.js';
import { findInstallation } from './installation.js';
import { keepServer } from './keep_server.js';
import { clusterFolder, makeCluster, makeSocketFolder, port } from './server.js';

/** `data_dir` is the folder that holds the database and nothing else. The rest is for tests. */
export interface EmbeddedOptions {
  readonly data_dir: string;
  /** False trades every promise of durability for speed. Default: true. */
  readonly fsync?: boolean;
  /** Whether the role `parley` may create databases. Default: false. */
  readonly create_databases?: boolean;
  /** Told what takes a while, and when the server had to be started again. */
  readonly say?: (text: string) => void;
}

/** What `pg` and knex need to reach one database over the server's Unix socket. */
interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly ssl: false;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** Where the data really is: as root it may be another folder than the one asked for (see `findInstallation`). */
  readonly data_dir: string;
  /** Database and user default to `parley`; the superuser is `postgres`. */
  connection(database?: string, user?: string): EmbeddedConnection;
  /** Disconnects everybody, writes everything to disk and waits for the end. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL on a Unix socket, with a role `parley` and a database `parley` that it owns. Makes the data
 * folder the first time; stops a server that a killed Parley left running; starts it again when it ends by itself.
 * @throws Error, for the terminal, if another Parley runs on the folder, or the server can't start.
 */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, say = () => {} } = options;
  const installation = await findInstallation(options.data_dir);
  const lock = await lockDataFolder(installation.data_dir);
  try {
    await stopOrphan(clusterFolder(installation));
    await makeCluster(installation, say);
    const socket = await makeSocketFolder(installation);
    const server = await keepServer(installation, socket, fsync, say);
    const stop = async () => {
      await server.stop();
      await socket.remove();
      await lock.release();
    };
    const connection = (database = 'parley', user = 'parley') =>
      ({ host: socket.path, port, database, user, ssl: false }) as const;
    await createDatabase(connection('postgres', 'postgres'), options.create_databases ?? false).catch(
      async (error: unknown) => {
        await stop();
        throw error;
      },
    );
    return { data_dir: installation.data_dir, connection, stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Creates the role and the database `parley`, as the superuser, unless they exist. */
async function createDatabase(superuser: pg.ClientConfig, create_databases: boolean): Promise<void> {
  const client = new pg.Client(superuser);
  await client.connect();
  try {
    const found = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'parley') as role,
        exists (select from pg_database where datname = 'parley') as database`,
    );
    if (found.rows[0]?.role !== true) await client.query('create role parley');
    // Row security doesn't bind a superuser, nor a role with bypassrls.
    await client.query(
      `alter role parley login nosuperuser nobypassrls nocreaterole ${create_databases ? 'createdb' : 'nocreatedb'}`,
    );
    if (found.rows[0]?.database !== true) await client.query('create database parley owner parley');
  } finally {
    await client.end();
  }
}
