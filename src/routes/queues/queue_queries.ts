import type { Actor, Query } from '../../db/scope.js';
import { JOBS_BY_ID } from '../../db/jobs.js';

/** An organization's mail that is not done with. At most `MOST` of each are counted. */
export interface MailQueue {
  waiting: number;
  /** Of those that wait: put off to be sent together, or by a limit. */
  postponed: number;
  /** Of those that wait: failed before. */
  retrying: number;
  /** Since when the oldest waits; null if none does. */
  oldest: Date | null;
  /** In the last seven days. */
  failed: number;
  bounced: number;
  /** Messages that came in and wait for staff. */
  held: number;
}

/** A job of the organization that failed. */
export interface FailingJob {
  job_id: string;
  task: string;
  detail: string;
  since: Date;
  failed_at: Date;
  attempts: number;
  max_attempts: number;
  run_at: Date;
  locked_at: Date | null;
  /** What it is about: an address that is written to, the number of a document. */
  about: string | null;
}

/** Jobs of the organization that wait and never failed. */
interface WaitingJobs {
  task: string;
  jobs: number;
  next_at: Date;
}

export interface ProcessRow {
  roles: string[];
  version: string;
  started_at: Date;
  seen_at: Date;
  silent: boolean;
}

/** More are not counted. */
export const MOST = 10_000;
/** Waiting jobs are looked for among so many that have been there for longest, of all organizations. */
const OLDEST_JOBS = 2000;
export const MOST_SHOWN = 50;

const TROUBLED = (state: string) => `(select count(*)::int from (
    select from emails where organization_id = $1 and state in ('failed', 'bounced') and state = '${state}'
      and created_at > now() - interval '7 days' limit ${MOST}) t)`;

// In an order, so that it is always one and the same index by which they are counted.
const MAIL = `select count(*)::int as waiting, min(created_at) as oldest,
    (count(*) filter (where tries = 0 and postponed_at is not null))::int as postponed,
    (count(*) filter (where tries > 0))::int as retrying,
    ${TROUBLED('failed')} as failed, ${TROUBLED('bounced')} as bounced,
    (select count(*)::int from (
      select from inbound_deliveries where organization_id = $1 and state = 'held' order by id desc limit ${MOST}) h)
      as held
  from (select created_at, tries, postponed_at from emails
    where organization_id = $1 and state = 'queued' order by created_at limit ${MOST}) e`;

const FAILING = `select f.job_id::text, f.task, f.detail, f.since, f.failed_at,
    j.attempts, j.max_attempts, j.run_at, j.locked_at,
    coalesce(
      (select e.to_address from emails e
        where e.organization_id = $1 and e.id = (j.payload->>'email_id')::uuid limit 1),
      (select d.number from documents d
        where d.organization_id = $1 and d.id = (j.payload->>'document_id')::uuid limit 1)) as about
  from (select * from failing_jobs where organization_id = $1 order by failed_at desc limit ${MOST_SHOWN}) f
    cross join lateral (select * from ${JOBS_BY_ID} j where j.id = f.job_id limit 1) j
  order by f.failed_at desc`;

const WAITING = `select t.identifier as task, count(*)::int as jobs, min(j.run_at) as next_at
  from (select task_id, run_at, attempts, locked_at, payload from ${JOBS_BY_ID} order by id limit ${OLDEST_JOBS}) j
    cross join lateral (
      select identifier from graphile_worker._private_tasks where id = j.task_id limit 1) t
  where j.payload->>'organization_id' = $1::text and j.attempts = 0 and j.locked_at is null
  group by t.identifier order by min(j.run_at)`;

const PROCESSES = `select roles, version, started_at, seen_at, seen_at < now() - interval '2 minutes' as silent
  from processes where seen_at > now() - interval '1 day' order by seen_at desc limit ${MOST_SHOWN}`;

/** What the page of background jobs shows, in one round trip. */
export function queueQueries({
  organization_id,
}: Actor): [Query<MailQueue>, Query<FailingJob>, Query<WaitingJobs>, Query<ProcessRow>] {
  const values = [organization_id];
  return [
    { name: 'queue_mail', text: MAIL, values },
    { name: 'queue_failing', text: FAILING, values },
    { name: 'queue_waiting', text: WAITING, values },
    { name: 'queue_processes', text: PROCESSES },
  ];
}
