import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, withActor } from '../../db/scope.js';
import type { Jobs } from '../../db/jobs.js';
import { Conflict, NotFound } from '../../errors.js';
import { failEmail } from '../../mail/outbox/send.js';
import { requireMay } from '../../subjects/may.js';
import { completeJobs, jobWith, retryJobNow } from './worker_tables.js';

/**
 * Jobs that may be given up, with what becomes of what they were for. All others must be done one day: money that is
 * charged or given back, data that is erased.
 */
const DROPS: Readonly<Record<string, (db: Knex, payload: Jobs['send_email']) => Promise<void>>> = {
  send_email: (db, { organization_id, email_id }) => failEmail(db, organization_id, email_id, false),
  send_awaited_email: (db, { organization_id, email_id }) => failEmail(db, organization_id, email_id, false),
  // They are made when somebody opens them.
  make_pdf: async () => {},
  make_small: async () => {},
};

export const mayDrop = (task: string): boolean => task in DROPS;

/** Has a failed job of the actor's organization tried again now, with all its tries. @throws NotFound, Conflict */
export const retryJob = (db: Knex, actor: Actor, job_id: string): Promise<void> =>
  decideJob(db, actor, job_id, 'retry_job', (db) => retryJobNow(db, job_id));

/** Gives a failed job up, for good. @throws NotFound; Conflict if it may not be, or is under way */
export const dropJob = (db: Knex, actor: Actor, job_id: string): Promise<void> =>
  decideJob(db, actor, job_id, 'drop_job', async (db, { task, payload }) => {
    const drop = DROPS[task];
    if (!drop) throw new Conflict('This job can’t be dropped: it has to be done.');
    await completeJobs(db, [Number(job_id)]);
    await db('failing_jobs').where({ organization_id: actor.organization_id, job_id }).delete();
    await drop(db, payload);
  });

interface Found {
  task: string;
  payload: Jobs['send_email'];
}

function decideJob(
  db: Knex,
  actor: Actor,
  job_id: string,
  action: 'retry_job' | 'drop_job',
  work: (db: Knex.Transaction, job: Found) => Promise<void>,
): Promise<void> {
  requireMay(actor, 'administration');
  const { organization_id } = actor;
  return withActor(db, actor, async (db) => {
    // Whoever decides about it meanwhile waits here, and then finds what became of it.
    const noted: { task: string } | undefined = await db('failing_jobs')
      .where({ organization_id, job_id })
      .forUpdate()
      .first('task');
    const job = noted && (await jobWith(db, job_id));
    if (!noted || !job) throw new NotFound();
    if (job.locked_at) throw new Conflict('This job is being tried right now. Look again in a moment.');
    await record(db, actor, { action, details: { job: noted.task }, visible_to: 'staff' });
    await work(db, { task: noted.task, payload: job.payload });
  });
}
