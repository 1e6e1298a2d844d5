import { findInstallation } from './installation.js';
import { lockDataFolder } from './data_lock.js';
import { stopOrphan } from './orphan.js';
import { type Server, launchServer, makeCluster, port } from './server.js';
import { createDatabase } from './create_database.js';

/** `data_dir` is the folder that holds the database and nothing else. The rest is for tests. */
export interface EmbeddedOptions {
  readonly data_dir: string;
  /** False trades every promise of durability for speed. Default: true. */
  readonly fsync?: boolean;
  /** Whether the role `parley` may create databases. Default: false. */
  readonly create_databases?: boolean;
}

/** What `pg` and knex need to reach one database over the server's Unix socket. */
export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly ssl: false;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** Where the data really is: as root it may be another folder than the one asked for (see `findHome`). */
  readonly data_dir: string;
  /** Database and user default to `parley`; the superuser is `postgres`. */
  connection(database?: string, user?: string): EmbeddedConnection;
  /** Resolves with the server's last words once it has ended, whoever ended it. */
  readonly exited: Promise<string>;
  /** Cuts off open connections, writes everything down and waits for the end. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL on a Unix socket, with a role `parley` and a database `parley` that it owns.
 * Makes the data folder the first time; a server that a killed Parley left behind is stopped first.
 * Throws, in words for the person at the terminal, if another living Parley has the folder or the server can't start.
 */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = await findInstallation(options.data_dir);
  const owner = await lockDataFolder(home.data_dir);
  let server: Server | undefined;
  const stop = async () => {
    await server?.stop();
    await owner.release();
  };
  try {
    await stopOrphan(home);
    await makeCluster(home);
    const started = await launchServer(home, options.fsync ?? true);
    server = started;
    const connection = (database = 'parley', user = 'parley') =>
      ({ host: started.socket, port, database, user, ssl: false }) as const;
    await createDatabase(connection('postgres', 'postgres'), options.create_databases ?? false);
    return { data_dir: home.data_dir, connection, exited: started.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
