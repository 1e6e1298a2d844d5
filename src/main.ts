import { once } from 'node:events';
import pino from 'pino';
import { readConfig } from './config.js';
import { migrate, refuseOldSchema } from './db/migrate.js';
import { refuseUnboundRole } from './db/database.js';
import { printAddresses } from './start/announce.js';
import { openServices } from './start/services.js';
import { startMail } from './start/start_mail.js';
import { startWeb } from './start/start_web.js';
import { startWorker } from './start/start_worker.js';
import { playDemo } from './demo/story/play.js';
import { prepareJobs } from './jobs/run.js';

const ROLES = ['web', 'worker', 'mail'];

/**
 * Starts the roles that the command names (all, if it names none), waits for a signal, and stops them in the opposite
 * order.
 */
async function main(words: string[]): Promise<void> {
  const unknown = words.find((word) => ![...ROLES, 'migrate'].includes(word));
  if (unknown) throw new Error(`There is no role "${unknown}". Use ${ROLES.join(', ')} or migrate, or none for all.`);
  const config = readConfig(process.env);
  const log = pino({ level: config.log_level });
  const roles = words.length ? words : ROLES;
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const parts = await openServices(config, log);
  const running: { stop(): Promise<void> }[] = [parts];
  try {
    await refuseUnboundRole(parts.db.knex);
    // All in one process looks after its own database; processes apart leave that to the release.
    if (words.length === 0 || roles.includes('migrate')) {
      await migrate(parts.db.knex);
      await prepareJobs(parts.directConnection);
    }
    await refuseOldSchema(parts.db.knex);
    if (roles.includes('mail')) running.push(await startMail(parts));
    if (roles.includes('worker')) running.push(await startWorker(parts));
    if (roles.includes('web')) running.push(await startWeb(parts));
    if (config.demo && roles.includes('web')) await playDemo(parts);
    if (roles.includes('migrate')) return;
    await printAddresses(parts, roles);
    await Promise.race([stopped, parts.databaseFailed]);
  } finally {
    const late = (error: unknown) => log.error({ err: error }, 'a part did not stop in order');
    for (const part of running.toReversed()) await part.stop().catch(late);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
