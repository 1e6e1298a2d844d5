import type pg from 'pg';
import type { Logger } from 'pino';

/** For how long a runner may be silent before its jobs are given to others. */
export const LEASE_MS = 30_000;

const RELEASE = `select graphile_worker.force_unlock_workers(array(
  select distinct locked_by from graphile_worker.jobs
  where locked_by is not null and locked_at < now() - $1 * interval '1 millisecond'
    and not exists (select from workers where id = locked_by and seen_at > now() - $1 * interval '1 millisecond')))`;

// A job that was freed and done twice leaves its queue locked by whoever ended last: the other had deleted the job by
// which the queue is found.
const OPEN_QUEUES = `update graphile_worker._private_job_queues q set locked_by = null, locked_at = null
  where locked_at < now() - $1 * interval '1 millisecond'
    and not exists (select from graphile_worker._private_jobs j where j.job_queue_id = q.id and j.locked_at is not null)`;

/**
 * Says again and again that these runners live, and frees the jobs of those that went silent: a process that was
 * killed in the middle holds up its work for half a minute, not for hours. What it had done twice is done once: every
 * job looks before it acts.
 */
export function heartbeat(pool: pg.Pool, ids: ReadonlySet<string>, log: Logger, lease = LEASE_MS) {
  const beat = async () => {
    await pool.query(
      'insert into workers (id) select unnest($1::text[]) on conflict (id) do update set seen_at = now()',
      [[...ids]],
    );
    await pool.query("delete from workers where seen_at < now() - $1 * interval '20 milliseconds'", [lease]);
    await pool.query(RELEASE, [lease]);
    await pool.query(OPEN_QUEUES, [lease]);
  };
  const quietly = () =>
    void beat().catch((error: unknown) => log.warn({ err: error }, 'the job runners could not report'));
  const timer = setInterval(quietly, lease / 3);
  quietly();
  return () => clearInterval(timer);
}
