import type { Knex } from 'knex';
import type pg from 'pg';
import type { Jobs } from '../../db/jobs.js';

// Everything that uses graphile-worker's private tables. tests/library_internals.test.ts fails when they change.

const USED_UP = `from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier = ? and j.attempts >= j.max_attempts and j.locked_at is null limit 1000`;

/** The jobs of a task that have no attempts left and that nobody is working on; at most 1000. */
export async function usedUpJobs<Name extends keyof Jobs>(db: Knex, task: Name) {
  const { rows } = await db.raw<{ rows: { id: number; payload: Jobs[Name] }[] }>(`select j.id, j.payload ${USED_UP}`, [
    task,
  ]);
  return rows;
}

/** Gives the jobs of a task that have no attempts left all their attempts again, from now on. */
export async function restartUsedUpJobs(db: Knex, task: keyof Jobs): Promise<void> {
  await db.raw(
    `select graphile_worker.reschedule_jobs(array(select j.id ${USED_UP}), run_at := now(), attempts := 0)`,
    [task],
  );
}

/** Removes jobs as done. */
export async function completeJobs(db: Knex, ids: number[]): Promise<void> {
  await db.raw('select graphile_worker.complete_jobs(?::bigint[])', [`{${ids.join(',')}}`]);
}

/** Unlocks the jobs of runners that have not reported for `lease` ms. */
export async function unlockJobs(pool: pg.Pool, lease: number): Promise<void> {
  await pool.query(
    `select graphile_worker.force_unlock_workers(array(
      select distinct locked_by from graphile_worker.jobs
      where locked_by is not null and locked_at < now() - $1 * interval '1 millisecond' and not exists (
        select from workers where id = locked_by and seen_at > now() - $1 * interval '1 millisecond')))`,
    [lease],
  );
}

/** Forgets that jobs of an organization failed which are gone meanwhile. */
export async function forgetEndedJobs(db: Knex, organization_id: string): Promise<void> {
  await db.raw(
    `delete from failing_jobs f where organization_id = ?
      and not exists (select from graphile_worker._private_jobs j where j.id = f.job_id)`,
    [organization_id],
  );
}

/** A job by its id, locked until the transaction ends; undefined once it is done. */
export async function jobWith(db: Knex.Transaction, id: string) {
  const { rows } = await db.raw<{ rows: { payload: Jobs['send_email']; locked_at: Date | null }[] }>(
    'select payload, locked_at from graphile_worker._private_jobs where id = ? for update',
    [id],
  );
  return rows[0];
}

/** Has a job tried now, with all its tries but the one that says that it failed before. */
export async function retryJobNow(db: Knex, id: string): Promise<void> {
  await db.raw('select graphile_worker.reschedule_jobs(array[?::bigint], run_at := now(), attempts := 1)', [id]);
}
