import { once } from 'node:events';
import { readConfig, readEnvironment } from './config.js';
import { migrate, refuseOldSchema } from './db/migrate.js';
import { isOutage } from './db/outage.js';
import { refuseUnboundRole } from './db/database.js';
import { yieldToPages } from './start/priority.js';
import { honouredSecrets } from './db/secrets.js';
import { printAddresses, say } from './start/announce.js';
import { adoptBankKeys } from './start/adopt_bank_keys.js';
import { adoptSecrets } from './start/adopt_secrets.js';
import { bankKeys } from './people/banking/bank_keys.js';
import { reportProcess } from './start/process_reports.js';
import { retireSandbox } from './start/retire_sandbox.js';
import { openServices, type Services } from './start/services.js';
import { startMetrics } from './start/metrics_server.js';
import { startMail, startWeb, startWorker } from './start/roles.js';
import { playDemo } from './demo/story/play.js';
import { prepareJobs } from './jobs/run.js';
import { openLog } from './telemetry/log.js';

const ROLES = ['web', 'worker', 'mail'];

/** Starts the roles that are named (all, if none is), waits for a signal, and stops them in reverse order. */
async function main(names: string[]): Promise<void> {
  const unknown = names.find((name) => ![...ROLES, 'migrate'].includes(name));
  if (unknown) throw new Error(`There is no role "${unknown}". Use ${ROLES.join(', ')} or migrate, or none for all.`);
  const config = readConfig(readEnvironment());
  const log = openLog(config.log_level);
  const roles = names.length ? names : ROLES;
  yieldToPages(roles);
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const services = await openServices(config, log, undefined, say);
  const running: { stop(): Promise<void> }[] = [services];
  try {
    await refuseUnboundRole(services.db.knex);
    // One process for all migrates its database itself; of several processes, one runs `migrate` at each release.
    if (names.length === 0 || roles.includes('migrate')) {
      await migrate(services.db.knex, () => say('Updating the database …'));
      await prepareJobs(services.directConnection);
    }
    await refuseOldSchema(services.db.knex);
    if (roles.includes('migrate')) return;
    await adoptSecrets(services.db.knex, honouredSecrets(services.secret, config), log);
    await adoptBankKeys(services.db.knex, bankKeys(config, honouredSecrets(services.secret, config)), log);
    if (config.production) await retireSandbox(services.db.knex);
    for (const part of partsOf(services, roles)) running.push(await part());
    if (config.demo && roles.includes('web'))
      await playDemo(services, () => say('Writing the history of the sample companies, which takes about a minute …'));
    await printAddresses(services, roles);
    await stopped;
  } finally {
    const logFailure = (error: unknown) => log.error({ err: error }, 'a part did not stop in order');
    for (const part of running.toReversed()) await part.stop().catch(logFailure);
  }
}

/** What these roles start, in order; what comes last is stopped first. */
const partsOf = (services: Services, roles: readonly string[]): (() => Promise<{ stop(): Promise<void> }>)[] => [
  () => reportProcess(services.db.knex, roles, services.log),
  ...(services.config.metrics_port === undefined ? [] : [() => startMetrics(services, roles)]),
  ...(roles.includes('mail') ? [() => startMail(services)] : []),
  ...(roles.includes('worker') ? [() => startWorker(services)] : []),
  ...(roles.includes('web') ? [() => startWeb(services, roles)] : []),
];

// What nobody waits for may fail with the database, which comes back; anything else is a fault of ours.
process.on('unhandledRejection', (error) => {
  if (!isOutage(error)) throw error;
  console.error(error instanceof Error ? error.message : error);
});

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
