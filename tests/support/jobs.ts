import pg from 'pg';
import type { Signal } from './signal.js';

/** Of a database for tests: notifies of every change of its jobs, whichever process makes it. */
export const NOTIFY_OF_JOBS = `
  create function notify_of_jobs() returns trigger language plpgsql as $$ begin
    perform pg_notify('jobs', ''); return null; end $$;
  create trigger notify_of_jobs after insert or update or delete on graphile_worker._private_jobs
    for each statement execute function notify_of_jobs()`;

/** The name of the connection that only watches. */
export const WATCH = 'watch of jobs';

/** Due now, or under way. */
const LEFT = `select count(*)::int as left from graphile_worker._private_jobs
  where locked_at is not null or (run_at <= now() and attempts < max_attempts)`;

const RUN_NOW = `update graphile_worker._private_jobs set run_at = now();
  select pg_notify('jobs:insert', '{"count":10}')`;

export type JobWatch = Awaited<ReturnType<typeof watchJobs>>;

/**
 * Follows the jobs of a database. Waiting ends when they are done, however long that takes, and fails as soon as
 * nothing is left that could bring what is awaited. `changes` is what wakes those who wait.
 */
export async function watchJobs(connectionString: string, changes: Signal) {
  const client = new pg.Client({ connectionString, application_name: WATCH });
  client.on('error', () => {}); // its database is dropped, or its server killed
  await client.connect();
  client.on('notification', () => changes.happened());
  await client.query('listen jobs');
  const left = async () => Number((await client.query<{ left: number }>(LEFT)).rows[0]?.left);

  /** Asks again with every change. */
  async function until<T>(name: string, ask: () => Asked<T>): Promise<T> {
    for (;;) {
      const change = changes.next();
      // In this order: what the last job brings is there once it has ended.
      const busy = await left();
      const answer = await ask();
      if (answer) return answer;
      if (!busy) throw new Error(`No job is left that could bring ${name}.`);
      await change;
    }
  }
  return {
    until,
    /** Waits until no job is due or under way. */
    async idle(): Promise<void> {
      for (let change = changes.next(); await left(); change = changes.next()) await change;
    },
    /** Jobs that wait for a later time are due now. */
    async runNow(): Promise<void> {
      await client.query(RUN_NOW);
    },
    close: () => client.end(),
  };
}

type Asked<T> = T | undefined | null | false | Promise<T | undefined | null | false>;
