import { EventEmitter, once } from 'node:events';
import {
  Logger as WorkerLogger,
  parseCrontab,
  run,
  runMigrations,
  type RunnerOptions,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { jobPool } from './job_pool.js';
import { keepRunning } from './keep_running.js';
import { countJobs } from './under_way.js';
import { unlockJobs } from './queue/worker_tables.js';

/** How jobs of some kinds are run. */
interface Lane {
  /** How many are under way at a time. */
  concurrency: number;
  /** Fetched as many at a time. */
  together: boolean;
}

/** More would not be done sooner on a small machine, and pages would wait for them. */
const ORDINARY: Lane = { concurrency: 4, together: false };

/** Kinds of job with a lane of their own: those that share their statements and transactions with one another. */
const LANES: Readonly<Record<string, Lane>> = {
  send_email: { concurrency: 16, together: true },
  // These wait for others, some of whom answer slowly or not at all.
  send_webhook: { concurrency: 8, together: false },
};

/** How long a runner may be silent before its jobs are given to others. */
export const LEASE_MS = 30_000;

/** Creates the tables of the job queue. Safe to call from several processes. */
export async function prepareJobs(connection: pg.PoolConfig): Promise<void> {
  const pgPool = jobPool(connection);
  await runMigrations({ pgPool, logger: new WorkerLogger(() => () => {}) });
  await pgPool.end();
}

/** Runs jobs until stopped; stopping lets those under way end. `crontab` is in UTC; `lease` is for tests. */
export async function runJobs(
  connection: pg.PoolConfig,
  taskList: TaskList,
  crontab: string,
  log: Logger,
  lease = LEASE_MS,
) {
  const broken = new EventEmitter();
  const pgPool = jobPool(connection, () => broken.emit('connection'));
  const cron = parseCrontab(crontab);
  const ids = new Set<string>();
  const start = ([lane, tasks]: [Lane, TaskList]) =>
    keepRunning(async () => {
      const events: WorkerEvents = new EventEmitter();
      const mine = namesOf(events, ids);
      const upset = Promise.race([once(broken, 'connection'), once(events, 'pool:fatalError')]);
      const { tasks: taskList, done } = countJobs(tasks);
      const options = { pgPool, events, noHandleSignals: true, noPreparedStatements: true, logger: workerLogger(log) };
      const parsedCronItems = lane === ORDINARY ? cron : [];
      const runner = await run({ ...options, ...laneOptions(lane), taskList, parsedCronItems });
      return { runner, upset, done, forget: () => mine.forEach((id) => ids.delete(id)) };
    }, log);
  const runners = await Promise.all(lanesOf(taskList).map(start));
  const stopHeartbeat = startHeartbeat(pgPool, ids, log, lease);
  return {
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
      stopHeartbeat();
      await pgPool.end();
    },
  };
}

/** Adds the name by which a runner holds its jobs, as it gets one: that of its worker pool. Returns those of this one. */
function namesOf(events: WorkerEvents, ids: Set<string>): ReadonlySet<string> {
  const mine = new Set<string>();
  events.on('pool:create', ({ workerPool: { id } }) => {
    mine.add(id);
    ids.add(id);
  });
  return mine;
}

const laneOptions = ({ concurrency, together }: Lane): RunnerOptions => ({
  concurrency,
  pollInterval: 1000,
  // Gathered at once, since what can't be given back alone would be an error that nobody hears.
  preset: {
    worker: {
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
      ...(together ? { localQueue: { size: concurrency } } : {}),
    },
  },
});

/** The tasks of each lane that has any. */
function lanesOf(taskList: TaskList): [Lane, TaskList][] {
  const lanes = new Map<Lane, TaskList>();
  for (const [name, task] of Object.entries(taskList)) {
    const lane = LANES[name] ?? ORDINARY;
    lanes.set(lane, { ...lanes.get(lane), [name]: task });
  }
  return [...lanes];
}

/**
 * Reports that these runners live, and unlocks the jobs of those that went silent: a killed process holds up its jobs
 * for half a minute instead of hours. A job may so run twice; each checks what is done before it acts.
 */
function startHeartbeat(pool: pg.Pool, ids: ReadonlySet<string>, log: Logger, lease: number) {
  const beat = async () => {
    await pool.query(
      'insert into workers (id) select unnest($1::text[]) on conflict (id) do update set seen_at = now()',
      [[...ids]],
    );
    await pool.query("delete from workers where seen_at < now() - $1 * interval '20 milliseconds'", [lease]);
    await unlockJobs(pool, lease);
  };
  const beatOrWarn = () =>
    void beat().catch((error: unknown) => log.warn({ err: error }, 'the job runners could not report'));
  const timer = setInterval(beatOrWarn, lease / 3);
  beatOrWarn();
  return () => clearInterval(timer);
}

// LogLevel is a const enum, which can't be imported.
const ERRORS: ReadonlySet<string> = new Set(['error']);

/** That a job failed is logged where it is done. */
const workerLogger = (log: Logger) =>
  new WorkerLogger(({ jobId }) => (level, message) => {
    if (ERRORS.has(level) && jobId === undefined) log.warn(message);
    else log.debug(message);
  });
