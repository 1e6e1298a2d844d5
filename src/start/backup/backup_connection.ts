import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../../config.js';
import { startPostgres } from '../../db/embedded/postgres.js';
import { isOutage } from '../../db/outage.js';
import { fingerprintOf, readOrCreateSecret } from '../../db/secrets.js';
import { runningDatabase } from '../../inbound/sources/pipe/pipe.js';
import { Rejection } from '../../inbound/sources/rejection.js';
import { bankKeys } from '../../people/banking/bank_keys.js';
import { dataFolder } from '../stored/open_storage.js';
import type { Manifest } from './backup_manifest.js';

interface Reached {
  connection: pg.ClientConfig & pg.PoolConfig;
  /** Stops the embedded server, if it was started for this. */
  close(): Promise<void>;
}

/**
 * The database as a role that may read everything: that of BACKUP_DATABASE_URL, or the superuser of the embedded one,
 * which is started if it isn't running.
 */
export async function databaseToRead(config: Config): Promise<Reached> {
  const url = config.backup_database_url ?? config.database_url;
  if (url) return { connection: { connectionString: url }, close: async () => {} };
  const running = await runningDatabase(config).catch(orNone);
  const connection = running && { ...running.connection, user: 'postgres' };
  if (connection && (await isThere(connection))) return { connection, close: async () => {} };
  return startEmbedded(config, 'postgres');
}

/** The database as the role that Parley runs as, while it doesn't run. */
export async function databaseToFill(config: Config): Promise<Reached> {
  const url = config.listen_url ?? config.database_url;
  return url ? { connection: { connectionString: url }, close: async () => {} } : startEmbedded(config, 'parley');
}

async function startEmbedded(config: Config, user: string): Promise<Reached> {
  const postgres = await startPostgres({ data_dir: join(dataFolder(config), 'postgres') });
  return { connection: postgres.connection('parley', user), close: () => postgres.stop() };
}

/** Whether a server that was killed has not only left its address. */
async function isThere(connection: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client(connection);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (isOutage(error)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

function orNone(error: unknown): null {
  if (error instanceof Rejection) return null;
  throw error;
}

/** What tells this installation’s secrets from others: the current ones first, then those that are still honoured. */
export async function secretsOf(config: Config): Promise<Pick<Manifest, 'secret' | 'bank_key'>[]> {
  const secret = config.secret ?? (await readOrCreateSecret(dataFolder(config)));
  const secrets = config.secret_old ? [secret, config.secret_old] : [secret];
  const keys = bankKeys(config, secrets);
  return Array.from({ length: Math.max(secrets.length, keys.length) }, (_, i) => ({
    secret: fingerprintOf(secrets[i] ?? secret),
    bank_key: keys[i] === undefined ? null : fingerprintOf(keys[i]),
  }));
}

/** What no longer works after a restore under other secrets, in lines for the terminal; none under the same. */
export function lostUnder(
  secrets: readonly Pick<Manifest, 'secret' | 'bank_key'>[],
  { secret, bank_key }: Manifest,
): string[] {
  const lines: string[] = [];
  if (!secrets.some((one) => one.secret === secret))
    lines.push(
      'This backup was made under another SECRET. Once Parley starts with the one that is set now:',
      '- links, reply addresses and codes in emails that were sent end; a link then offers a new one by email,',
      '- the keys that sign mail and PDFs are made anew: publish the new DKIM record (Email delivery),',
      '- keys for Stripe have to be typed again, and authenticator apps need a recovery code.',
      'None of this happens if the SECRET of then is set, or SECRET_OLD to it, before that start.',
    );
  if (bank_key !== null && !secrets.some((one) => one.bank_key === bank_key))
    lines.push('Bank details were sealed under another BANK_DETAILS_KEY: they can’t be read without it.');
  return lines;
}
