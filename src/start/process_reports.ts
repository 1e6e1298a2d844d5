import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { z } from 'zod';
import { root } from '../config.js';
import { newId } from '../db/ids.js';

const REPORT_MS = 30_000;

/** The release that runs. */
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

// One that was killed is shown as silent for a day.
const FORGET = `delete from processes where seen_at < now() - interval '1 day'`;

/**
 * Reports that this process lives, for the page of background jobs, until it is stopped. That fails quietly: the page
 * then says since when nothing was heard of it. `every` is for tests.
 */
export async function reportProcess(db: Knex, roles: readonly string[], log: Logger, every = REPORT_MS) {
  const id = newId();
  const report = () =>
    db('processes')
      .insert({ id, roles: [...roles], version })
      .onConflict('id')
      .merge({ seen_at: db.fn.now() })
      .then(() => undefined)
      .catch((error: unknown) => log.debug({ err: error }, 'the process could not report'));
  await report();
  await db.raw(FORGET);
  const timer = setInterval(() => void report(), every);
  return {
    async stop() {
      clearInterval(timer);
      await db('processes').where({ id }).delete();
    },
  };
}
