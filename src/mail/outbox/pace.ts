import type { Knex } from 'knex';
import { addJobs } from '../../db/jobs.js';
import { queryPrepared } from '../../db/scope.js';
import type { EventEmail } from '../messages/event_email.js';
import { countWaitingBefore } from './digest.js';
import { type Email, jobOf } from './queue.js';
import { nextSlot, reserveSlots } from './throttle.js';
import type { MailContext } from './transport.js';

const [SECONDS_10, MINUTES_10] = [10_000, 600_000];

/** When to look again whether an earlier email of the thread has gone: more and more seldom, as that one is tried. */
export function laterThan({ email }: EventEmail): Date {
  const age = Date.now() - new Date(email.created_at).getTime();
  return new Date(Date.now() + Math.min(Math.max(age, SECONDS_10), MINUTES_10));
}

/** Of a thread only the latest of those that wait stays queued; the others are merged into it. */
const MOST_FOLLOWING = 20;

const FOLLOWING = `select distinct f.id, f.person_id, f.subject_id
  from unnest($2::uuid[]) as gone (id)
  cross join lateral (select * from emails where organization_id = $1 and id = gone.id limit 1) e
  cross join lateral (
    select * from emails b where b.organization_id = $1 and b.person_id = e.person_id and b.subject_id = e.subject_id
      and b.state = 'queued' and b.postponed_at is not null and b.id > e.id order by b.id limit ${MOST_FOLLOWING}) f
  where e.state = 'queued' and e.detail <> ''`;

/**
 * Looks again at what waits behind these emails, of which a try had failed: they go now, or never. To be called before
 * their state changes.
 */
export async function releaseFollowing(
  db: Knex.Transaction,
  organization_id: string,
  email_ids: readonly string[],
): Promise<void> {
  const following = await queryPrepared<Pick<Email, 'id' | 'person_id' | 'subject_id'>>(db, FOLLOWING, [
    organization_id,
    email_ids,
  ]);
  const jobs = following.map((email) => ({ payload: jobOf({ organization_id, ...email }) }));
  if (jobs.length) await addJobs(db, 'send_email', jobs);
}

/** Reserves a slot for each email that a rate limit has room for; says until when the others wait, by their ids. */
export async function postponements(
  db: Knex.Transaction,
  { rate_limits, now: clock }: MailContext,
  organization_id: string,
  events: readonly EventEmail[],
): Promise<Map<string, Date>> {
  const postponed = new Map<string, Date>();
  if (!rate_limits) return postponed;
  const now = clock?.() ?? new Date();
  const requests = events.map(({ email, reader }) => ({
    id: email.id,
    person_id: reader.id,
    domain: email.to_address.slice(email.to_address.lastIndexOf('@') + 1).toLowerCase(),
  }));
  const full = await reserveSlots(db, rate_limits, requests, now);
  for (const { id, person_id } of requests) {
    const window = full.get(id);
    if (!window) continue;
    const before = await countWaitingBefore(db, organization_id, person_id, id);
    postponed.set(id, nextSlot(window, before, now));
  }
  return postponed;
}
