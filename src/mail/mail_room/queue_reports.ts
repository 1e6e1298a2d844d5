import type { Knex } from 'knex';
import { finds } from '../../db/planner.js';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import { queueEmail } from '../outbox/queue.js';

/** While what was last told still waits, further messages are gathered for so long. */
const GATHERED = `interval '1 hour'`;

interface Reader {
  id: string;
  email: string;
  /** They were told within the hour, and something that came before still waits. */
  unread: boolean;
  /** Until when more is gathered; null if they were never told of anything. */
  next_at: Date | null;
}

/** Their newest email of the mail room. */
const LAST = `(
    select id, created_at, state, tries from emails e
    where e.organization_id = $1 and e.person_id = p.id and e.kind = 'mail_room' order by id desc limit 1`;

const LOOKS_AFTER = `p.organization_id = $1 and p.partner_id is null and p.role in ('owner', 'admin', 'manager')
    and p.removed_at is null and not p.pending`;

// An email that was not tried yet will tell of this message, too. One that is being composed is waited for: it may not.
const UNTRIED = `select p.id from people p cross join lateral ${LAST} for update) last
  where ${LOOKS_AFTER} and last.state = 'queued' and last.tries = 0 order by p.id`;

const WAITS = finds(`inbound_deliveries d
  where d.organization_id = $1 and d.state = 'held' and d.created_at < last.created_at order by d.id`);

const READERS = `select p.id, p.email, last.created_at + ${GATHERED} as next_at,
    coalesce(last.created_at > app_now() - ${GATHERED} and ${WAITS}, false) as unread
  from people p left join lateral ${LAST}) last on true
  where ${LOOKS_AFTER} and p.id <> all($2::uuid[])
  order by p.id`;

/**
 * Lets those who look after the mail room know by email that a message waits, in the caller's transaction: at once, or
 * together with others if they have been told within the hour and what they were told of still waits.
 */
export const queueMailRoomReports = (db: Knex.Transaction, organization_id: string): Promise<void> =>
  actingAs(db, systemActor(organization_id), async () => {
    const untried = await queryPrepared<{ id: string }>(db, UNTRIED, [organization_id]);
    const values = [organization_id, untried.map(({ id }) => id)];
    const readers = await queryPrepared<Reader>(db, READERS, values);
    const unrelated = { activity_id: null, subject_id: null, cause_id: null };
    for (const { id: person_id, email, unread, next_at } of readers) {
      const run_at = unread ? next_at : null;
      const to = { organization_id, kind: 'mail_room' as const, person_id, to_address: email };
      await queueEmail(db, { ...unrelated, ...to }, run_at);
    }
  });
