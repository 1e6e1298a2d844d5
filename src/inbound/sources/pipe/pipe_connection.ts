import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import { type Config, root } from '../../../config.js';
import { readOrCreateSecret } from '../../../db/secrets.js';
import { Rejection } from '../rejection.js';

/**
 * Where the running Parley has its database and its secret: as its settings say, or in its data folder. @throws
 * NotTaken if it is not running
 */
export async function findConnection(config: Config): Promise<{ secret: string; connection: PoolConfig }> {
  const data = config.data_dir ?? join(root, 'data');
  if (config.database_url)
    return {
      secret: config.secret ?? (await readOrCreateSecret(data)),
      connection: { connectionString: config.database_url },
    };
  const connection = await embeddedIn(join(data, 'postgres'));
  return { secret: config.secret ?? (await readOrCreateSecret(data)), connection };
}

/**
 * The database that a running Parley has started: PostgreSQL itself notes port and socket folder, on the fourth and
 * fifth line.
 */
async function embeddedIn(folder: string): Promise<PoolConfig> {
  const noted = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    throw new Rejection('away', 'Parley’s database is not running; set DATABASE_URL if it is elsewhere', {
      cause: error,
    });
  });
  const [, , , port = '', host = ''] = noted.split('\n');
  return { host, port: Number(port), user: 'parley', database: 'parley', ssl: false };
}
