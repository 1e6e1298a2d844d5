import type pg from 'pg';
import type { Actor, Query } from '../../db/scope.js';
import { BOUNCE_DAYS } from '../suppression/suppression.js';

/** How an organization's outgoing mail fares. */
export interface MailHealth {
  waiting: number;
  /** Since when the oldest has waited that is not meant to; null if none does. */
  oldest: Date | null;
  /** In the last seven days. */
  failed: number;
}

/** What last went wrong: `queued` is tried again. */
export interface DeliveryProblem {
  to_address: string;
  detail: string;
  state: 'queued' | 'failed' | 'bounced';
  created_at: Date;
}

/** Somebody against whose address something stands. */
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

const HEALTH = `select (select count(*) from emails where organization_id = $1 and state = 'queued') as waiting,
  (select min(created_at) from emails where organization_id = $1 and state = 'queued' and postponed_at is null) as oldest,
  (select count(*) from emails where organization_id = $1 and state = 'failed' and created_at > now() - interval '7 days') as failed`;

const TROUBLE = `select to_address, detail, state, created_at from emails
  where organization_id = $1 and (state in ('failed', 'bounced') or (state = 'queued' and tries > 0 and detail <> '')) order by id desc limit 1`;

const POINTS = `select person_id, sum(points)::int as points from bounces
  where organization_id = $1 and created_at > now() - interval '${BOUNCE_DAYS} days' group by person_id`;

const TROUBLED = `select p.id, p.name, p.email, a.name as partner, coalesce(s.points, 0) as points, p.bounced_at, p.complained_at from people p
  left join (${POINTS}) s on s.person_id = p.id
  left join partners a on a.organization_id = p.organization_id and a.id = p.partner_id
  where p.organization_id = $1 and p.removed_at is null and (s.points > 0 or p.bounced_at is not null or p.complained_at is not null)
  order by s.points desc nulls last, p.id limit 100`;

const TEST = `select state, detail, to_address, created_at from emails
  where organization_id = $1 and kind = 'test' and person_id = $2 order by id desc limit 1`;

/** How mail fares, what went wrong last, to whom it does not go, and what became of the reader's last test. */
export function healthQueries({ organization_id, person_id }: Actor): HealthQueries {
  const values = [organization_id];
  return [
    { name: 'mail_health', text: HEALTH, values },
    { name: 'mail_trouble', text: TROUBLE, values },
    { name: 'mail_troubled', text: TROUBLED, values },
    { name: 'mail_test', text: TEST, values: [organization_id, person_id] },
  ];
}

/**
 * What a monitor may know: seconds since the oldest email was due that has not gone, and how many jobs are dead. Mail
 * that waits its turn is not late.
 */
export async function queueAge(pool: pg.Pool): Promise<{ oldest_seconds: number; dead_jobs: number }> {
  const { rows } = await pool.query<{ oldest_seconds: number; dead_jobs: number }>(
    `select coalesce(extract(epoch from now() - min(created_at) filter (where task_identifier = 'send_email' and attempts < max_attempts
        and (attempts > 0 or run_at <= now()))), 0)::int as oldest_seconds,
      count(*) filter (where attempts >= max_attempts)::int as dead_jobs from graphile_worker.jobs`,
  );
  return rows[0] ?? { oldest_seconds: 0, dead_jobs: 0 };
}
