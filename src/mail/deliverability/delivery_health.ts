import type pg from 'pg';
import type { Actor, Query } from '../../db/scope.js';
import { BOUNCE_DAYS } from '../suppression/suppression.js';

/** The state of an organization's outgoing mail. */
export interface MailHealth {
  /** Emails in the queue. */
  waiting: number;
  /** When the oldest of them was queued, leaving out those postponed by a rate limit; null if there are none. */
  oldest: Date | null;
  /** In the last seven days. */
  failed: number;
}

/** The latest delivery problem. A `queued` email will be retried. */
export interface DeliveryProblem {
  to_address: string;
  detail: string;
  state: 'queued' | 'failed' | 'bounced';
  created_at: Date;
}

/** A person whose address has bounced or complained. */
export interface PausedRecipient {
  id: string;
  name: string;
  email: string;
  partner: string | null;
  points: number;
  bounced_at: Date | null;
  complained_at: Date | null;
}

export interface TestOutcome {
  state: string;
  detail: string;
  to_address: string;
  created_at: Date;
}

export type HealthQueries = [Query<MailHealth>, Query<DeliveryProblem>, Query<PausedRecipient>, Query<TestOutcome>];

// In an order, so that it is always one and the same index by which they are counted.
const HEALTH = `select
  (select count(*) from (
    select from emails where organization_id = $1 and state = 'queued' order by created_at) e) as waiting,
  (select min(created_at) from emails
    where organization_id = $1 and state = 'queued' and postponed_at is null) as oldest,
  (select count(*) from emails
    where organization_id = $1 and state = 'failed' and created_at > now() - interval '7 days') as failed`;

const LAST = `select to_address, detail, state, created_at from emails
  where organization_id = $1 and`;
const PROBLEM = `(${LAST} state in ('failed', 'bounced') order by created_at desc limit 1)
  union all (${LAST} state = 'queued' and tries > 0 and detail <> '' order by created_at desc limit 1)
  order by created_at desc limit 1`;

const COUNTING = `organization_id = $1 and created_at > now() - interval '${BOUNCE_DAYS} days'`;

// The people of recent bounces and those marked; all others are not looked at.
const PAUSED = `select p.id, p.name, p.email, p.bounced_at, p.complained_at, coalesce(s.points, 0) as points,
    (select a.name from partners a where a.organization_id = $1 and a.id = p.partner_id) as partner
  from (
    select person_id from bounces where ${COUNTING}
    union select id from people where organization_id = $1 and removed_at is null
      and (bounced_at is not null or complained_at is not null)) x
  cross join lateral (
    select * from people p where p.organization_id = $1 and p.id = x.person_id and p.removed_at is null limit 1) p
  cross join lateral (select sum(points)::int as points from bounces where ${COUNTING} and person_id = p.id) s
  where s.points > 0 or p.bounced_at is not null or p.complained_at is not null
  order by s.points desc nulls last, p.id limit 100`;

const LAST_TEST = `select state, detail, to_address, created_at from emails
  where organization_id = $1 and kind = 'test' and person_id = $2 order by id desc limit 1`;

/** Queries for the delivery page: queue, latest problem, paused recipients, and the reader's last test message. */
export function healthQueries({ organization_id, person_id }: Actor): HealthQueries {
  const values = [organization_id];
  return [
    { name: 'mail_health', text: HEALTH, values },
    { name: 'mail_problem', text: PROBLEM, values },
    { name: 'mail_paused', text: PAUSED, values },
    { name: 'mail_test', text: LAST_TEST, values: [organization_id, person_id] },
  ];
}

const QUEUE_AGE = `select
  coalesce(extract(epoch from now() - min(created_at) filter (
    where task_identifier in ('send_email', 'send_awaited_email') and attempts < max_attempts
      and (attempts > 0 or run_at <= now()))), 0)::int as oldest_seconds,
  count(*) filter (where attempts >= max_attempts)::int as dead_jobs
  from graphile_worker.jobs`;

/** For monitoring: the age in seconds of the oldest email that is due and unsent, and the number of dead jobs. */
export async function queueAge(pool: pg.Pool): Promise<{ oldest_seconds: number; dead_jobs: number }> {
  const { rows } = await pool.query<{ oldest_seconds: number; dead_jobs: number }>(QUEUE_AGE);
  return rows[0] ?? { oldest_seconds: 0, dead_jobs: 0 };
}
