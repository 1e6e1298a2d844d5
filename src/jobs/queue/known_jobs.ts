import type { Job, TaskList } from 'graphile-worker';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { systemActor, withActor } from '../../db/scope.js';
import { causedBy, logLine } from '../../telemetry/cause.js';
import { errorFacts } from '../../telemetry/error_facts.js';
import { masked } from '../../telemetry/masked.js';
import { jobEnded } from '../../telemetry/metrics.js';

/** A job, with the organization that it is of; null: of the installation. */
interface KnownJob {
  id: string;
  task: string;
  attempt: number;
  last_attempt: boolean;
  organization_id: string | null;
}

/**
 * The same tasks, each done for the request that its job was queued by. A job that fails is logged, and noted for its
 * organization until it succeeds.
 */
export const knownJobs = (db: Knex, log: Logger, tasks: TaskList): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).map(([task, run]) => {
      const known: typeof run = (payload, helpers) => {
        const job = jobOf(task, payload, helpers.job);
        const done = async () => {
          try {
            await run?.(payload, helpers);
          } catch (error) {
            await failed(db, log, job, error);
          }
          jobEnded(task, 'done');
          if (job.attempt > 1) await settled(db, log, job);
        };
        return causedBy(textIn(payload, 'request_id') ?? `job-${job.id}`, log, done);
      };
      return [task, known];
    }),
  );

const jobOf = (task: string, payload: unknown, { id, attempts, max_attempts }: Job): KnownJob => ({
  ...{ id, task, attempt: attempts, last_attempt: attempts >= max_attempts },
  organization_id: textIn(payload, 'organization_id'),
});

function textIn(payload: unknown, name: string): string | null {
  const value: unknown = typeof payload === 'object' && payload ? Reflect.get(payload, name) : null;
  return typeof value === 'string' ? value : null;
}

/** Its reason is what staff are shown: as in the log, and no longer than a line. */
const MAX_DETAIL = 300;

const NOTE = `insert into failing_jobs (organization_id, job_id, task, detail) values (?, ?, ?, ?)
  on conflict (organization_id, job_id) do update set detail = excluded.detail, failed_at = now()`;

/** @throws the error, so that the job is tried again */
async function failed(db: Knex, log: Logger, job: KnownJob, error: unknown): Promise<never> {
  const { id, organization_id, task, attempt, last_attempt } = job;
  jobEnded(task, last_attempt ? 'given up' : 'failed');
  const facts = errorFacts(error);
  logLine('job failed', { job_id: id, task, organization_id, attempt, last_attempt, err: error }, 'warn');
  const detail = masked(facts.message).replaceAll('\0', '').slice(0, MAX_DETAIL);
  await noted(log, job, (organization) =>
    withActor(db, systemActor(organization), (db) => db.raw(NOTE, [organization, id, task, detail])),
  );
  throw error;
}

const settled = (db: Knex, log: Logger, job: KnownJob): Promise<void> =>
  noted(log, job, (organization_id) =>
    withActor(db, systemActor(organization_id), (db) =>
      db('failing_jobs').where({ organization_id, job_id: job.id }).delete(),
    ),
  );

/** What the note fails with must not be taken for the job's failure: the database may be what failed. */
async function noted(log: Logger, { id, organization_id }: KnownJob, work: (id: string) => Promise<unknown>) {
  if (organization_id === null) return;
  await work(organization_id).catch((error: unknown) =>
    log.warn({ err: error, job_id: id }, 'a job could not be noted'),
  );
}
