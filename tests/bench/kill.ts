import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/database.js';
import { LEASE_MS } from '../../src/jobs/run.js';
import { harbor } from '../support/harbor.js';
import { freePort } from '../support/ports.js';
import { openPostOffice } from '../support/post_office.js';
import { chaos, prepareWriters } from '../support/chaos/chaos.js';
import { launch } from '../support/chaos/slot.js';
import { seeded } from '../support/random.js';
import { UNHURRIED } from '../support/unhurried.js';
import type { Bench } from './bench.js';
import { print } from './figure.js';

const KILLS = 500;
/** Long enough that most die at work, and not while they start. */
const LIFE_MS = 8000;
/** So many that none of them writes more than one may in ten minutes. */
const WRITERS = 120;

/**
 * The processes that take mail in, read it and send it are killed at random moments, 500 times, while five messages a
 * second come. Takes half an hour; fewer where KILLS in the environment says so.
 */
export async function measureKill({ cluster }: Bench): Promise<void> {
  const place = await cluster.clone();
  const [post, folder] = [await openPostOffice(), await mkdtemp(join(tmpdir(), 'parley-bench-'))];
  const db = openDatabase({ connectionString: place.url() });
  const home = await harbor(db);
  const env = {
    ...UNHURRIED,
    DATABASE_URL: place.url(),
    SMTP_URL: post.url,
    DATA_DIR: folder,
    DEMO: 'off',
    HOST: '127.0.0.1',
    BASE_URL: 'http://localhost',
    SECRET: randomBytes(32).toString('hex'),
    MAIL_DOMAIN: 'mail.parley.example',
    INBOUND_SMTP_PORT: String(await freePort()),
  };
  const given = {
    knex: db.knex,
    home,
    post,
    env,
    signal: 'SIGKILL',
    lease: LEASE_MS,
    life: LIFE_MS,
    random: seeded(Number(process.env['TEST_SEED'] ?? 1)),
    mails_per_second: 5,
  } as const;
  const { child, ended } = launch({ role: 'worker', env, lease: LEASE_MS });
  const writers = await prepareWriters(given, WRITERS);
  child.kill('SIGTERM');
  await ended;
  const verdict = await chaos({ ...given, writers, ends: Number(process.env['KILLS'] ?? KILLS) });
  const { lost, ...others } = verdict;
  print({ figure: 'lost when killed at random moments', value: lost, unit: 'messages', ...others });
  await db.close();
  await post.close();
  await rm(folder, { recursive: true, force: true });
}
