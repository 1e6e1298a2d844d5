import { EventEmitter } from 'node:events';
import { Logger as WorkerLogger, run, runMigrations, type TaskList, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import { heartbeat, LEASE_MS } from './heartbeat.js';

/** Makes the tables of the job queue. Safe to call from several processes. */
export async function prepareJobs(connection: pg.PoolConfig): Promise<void> {
  const pgPool = jobPool(connection);
  await runMigrations({ pgPool, logger: quiet });
  await pgPool.end();
}

/**
 * Runs jobs until stopped; stopping lets those under way end. `crontab` says what the clock does, in UTC; `lease` is
 * for tests.
 */
export async function runJobs(
  connection: pg.PoolConfig,
  taskList: TaskList,
  crontab: string,
  log: Logger,
  lease = LEASE_MS,
) {
  const pgPool = jobPool(connection);
  const ids = new Set<string>();
  const events: WorkerEvents = new EventEmitter();
  // Jobs are locked in the name of the pool, not of the worker in it that does them.
  events.on('pool:create', ({ workerPool }) => ids.add(workerPool.id));
  events.on('pool:release', ({ workerPool }) => ids.delete(workerPool.id));
  const runner = await run({
    pgPool,
    taskList,
    crontab,
    events,
    concurrency: AT_ONCE,
    pollInterval: 1000,
    noHandleSignals: true,
    noPreparedStatements: true,
    logger: logWith(log),
  });
  const silence = heartbeat(pgPool, ids, log, lease);
  return {
    async stop() {
      await runner.stop();
      silence();
      await pgPool.end();
    },
  };
}

/** So many jobs run at a time. More would not be done sooner on a small machine, and pages would wait for them. */
const AT_ONCE = 4;

function jobPool(connection: pg.PoolConfig): pg.Pool {
  // That a job was taken or done may be forgotten if the server dies at that moment: it is then done twice, which
  // changes nothing.
  const pool = new pg.Pool({ ...connection, max: 10, options: '-c synchronous_commit=off' });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

const quiet = new WorkerLogger(() => () => {});

const FAILURES: ReadonlySet<string> = new Set(['error']);

/** A job that failed is a warning while it will be tried again. */
const logWith = (log: Logger) =>
  new WorkerLogger(() => (level, message) => {
    if (FAILURES.has(level)) log.warn(message);
    else log.debug(message);
  });
