import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';

/** How a kind of job stands. */
export interface JobFigure {
  task: string;
  /** Waits for a worker, for its time, for another try; is done now; has no tries left. */
  state: 'due' | 'later' | 'retrying' | 'running' | 'dead';
  jobs: number;
  /** How long the one that has been due for longest is; 0 if none is. */
  seconds: number;
}

/** Mail that came in. */
interface InboxFigures {
  pending: number;
  pending_seconds: number;
  held: number;
}

/** More are not counted: a queue of a million costs what one of so many does. */
export const MOST_COUNTED = 10_000;

// Those that are there first are those that were stored first.
const JOBS = `select t.identifier as task, j.state, count(*)::int as jobs,
    greatest(0, coalesce(max(extract(epoch from now() - j.run_at)) filter (where j.state = 'due'), 0))::float as seconds
  from (
    select task_id, run_at, case
        when locked_at is not null then 'running'
        when attempts >= max_attempts then 'dead'
        when run_at <= now() then 'due'
        when attempts > 0 then 'retrying'
        else 'later' end as state
    from graphile_worker._private_jobs limit ${MOST_COUNTED}) j
  join graphile_worker._private_tasks t on t.id = j.task_id
  group by t.identifier, j.state`;

const INBOX = `select count(*)::int as pending, coalesce(extract(epoch from now() - min(created_at)), 0)::float
    as pending_seconds,
    (select count(*)::int from (select from inbound_deliveries where state = 'held' limit ${MOST_COUNTED}) h) as held
  from (select created_at from inbound_deliveries where state = 'pending'
    order by created_at, id limit ${MOST_COUNTED}) p`;

/** How many jobs wait, of each kind and for how long; at most `MOST_COUNTED` are counted. */
export async function jobFigures(db: Knex): Promise<JobFigure[]> {
  const { rows } = await db.raw<{ rows: JobFigure[] }>(JOBS);
  return rows;
}

/** How much mail that came in waits to be read, and for staff. */
export async function inboxFigures(db: Knex): Promise<InboxFigures> {
  const { rows } = await withActor(db, systemActor(null), (db) => db.raw<{ rows: InboxFigures[] }>(INBOX));
  return rows[0] ?? { pending: 0, pending_seconds: 0, held: 0 };
}
