import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/db/database.js';
import { openSession } from '../../../src/people/sessions.js';
import { UNHURRIED } from '../../support/unhurried.js';
import { type Child, startChild } from './child.js';

export type Role = 'web' | 'worker' | 'mail';

/** Parley in a process of its own, as it runs in production but for the database and the mail server. */
export interface Parley extends Child {
  /** Where it listens, by role. */
  ports: Record<Role, number>;
}

interface Surroundings {
  database_url: string;
  smtp_url?: string;
}

export async function startParley(
  roles: Role[],
  { database_url, smtp_url = 'smtp://127.0.0.1:1' }: Surroundings,
): Promise<Parley> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const env = {
    ...UNHURRIED,
    INBOUND_RELAYS: '127.0.0.1',
    PORT: '0',
    INBOUND_SMTP_PORT: '0',
    HOST: '127.0.0.1',
    BASE_URL: 'http://localhost',
    DATABASE_URL: database_url,
    SMTP_URL: smtp_url,
    DATA_DIR: folder,
    SECRET: 'known to the bench and to nobody else',
    MAIL_DOMAIN: 'mail.parley.example',
    DEMO: 'off',
    LOG_LEVEL: 'error',
  };
  const { ready: ports, child } = await startChild<Parley['ports']>('parley_process', env, roles);
  const stop = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...child, ports, stop };
}

/** Cookies of browsers in which these people are signed in. */
export async function signIn(database_url: string, emails: string[]): Promise<string[]> {
  const db = openDatabase({ connectionString: database_url }, 1);
  const cookies: string[] = [];
  for (const email of emails) {
    const { id } = await db.knex('users').where({ email }).first('id');
    cookies.push(`parley_session=${await openSession(db.knex, id, 'bench')}`);
  }
  await db.close();
  return cookies;
}
