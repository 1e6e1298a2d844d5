import type { Knex } from 'knex';
import type { EventEmail } from '../messages/event_email.js';
import { countWaitingBefore } from './digest.js';
import { nextSlot, reserveSlots } from './throttle.js';
import type { MailContext } from './transport.js';

const [SECONDS_10, MINUTES_10] = [10_000, 600_000];

/** When to look again whether an earlier email of the thread has gone: more and more seldom, as that one is tried. */
export function laterThan({ email }: EventEmail): Date {
  const age = Date.now() - new Date(email.created_at).getTime();
  return new Date(Date.now() + Math.min(Math.max(age, SECONDS_10), MINUTES_10));
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
