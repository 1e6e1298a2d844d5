import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Writer } from './writers.js';

export interface Commented {
  /** The number that it says. */
  n: number;
  subject_id: string;
}

/** The committed comments of writers, in the order of their conversations. */
export async function commentsOf(db: pg.Client, writers: Writer[]): Promise<Commented[]> {
  const { rows } = await db.query<Commented>(
    `select substring(body from '\\((\\d+)\\)')::int as n, subject_id from comments where subject_id = any ($1) order by id`,
    [idsOf(writers)],
  );
  return rows;
}

const idsOf = (writers: Writer[]) => writers.map(({ subject_id }) => subject_id);

/** How many there are, which is cheap to ask. */
export async function countComments(db: pg.Client, writers: Writer[]): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int as n from unnest($1::uuid[]) s (id) join comments c on c.subject_id = s.id
     where organization_id = (select organization_id from subjects where id = ($1::uuid[])[1])`,
    [idsOf(writers)],
  );
  return rows[0]?.n ?? 0;
}

/** When each comment was first seen, asked for every few ms until there are so many more. */
export async function watchComments(db: pg.Client, writers: Writer[], count: number): Promise<Map<number, number>> {
  const seen = new Map((await commentsOf(db, writers)).map(({ n }) => [n, 0]));
  const most = seen.size + count;
  await eventually(`${count} comments`, 3, async () => {
    const at = performance.timeOrigin + performance.now();
    for (const { n } of await commentsOf(db, writers)) if (!seen.has(n)) seen.set(n, at);
    return seen.size >= most;
  });
  return seen;
}

const WAITING = `select (select count(*) from graphile_worker._private_jobs where run_at <= now())
  + (select count(*) from emails where state = 'queued')
  + (select count(*) from inbound_deliveries where state = 'pending') as n`;

/** Waits until nothing is left to be done, so that the cost of all of it is counted. */
export const untilIdle = (db: pg.Client) =>
  eventually('the end of all jobs', 20, async () => Number((await db.query(WAITING)).rows[0].n) === 0);

const PATIENCE_MS = 600_000;

export async function eventually(what: string, every_ms: number, ask: () => Promise<boolean>): Promise<void> {
  const give_up = performance.now() + PATIENCE_MS;
  while (!(await ask())) {
    if (performance.now() > give_up) throw new Error(`Waited in vain for ${what}.`);
    await pause(every_ms);
  }
}
