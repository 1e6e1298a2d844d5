import type { Knex } from 'knex';
import { finds } from '../../db/planner.js';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import { queueEmail } from '../outbox/queue.js';

/** While what was last told still waits, further messages are gathered for so long. */
const GATHERED = `interval '1 hour'`;

interface Reader {
  id: string;
  email: string;
  /** They were told within the hour, and what they were told of still waits. */
  unread: boolean;
  /** Until when more is gathered; null if they were never told of anything. */
  next_at: Date | null;
}

// An email that was not tried yet will tell of this message, too. One that is being composed is waited for: it may not.
const UNTRIED = `select person_id from (
    select person_id, tries from emails
    where organization_id = $1 and kind = 'mail_room' and state = 'queued' order by person_id for update) queued
  where tries = 0`;

const WAITS = finds(`mail_room_reports r
  cross join lateral (
    select state from inbound_deliveries d where d.organization_id = $1 and d.id = r.delivery_id limit 1) d
  where r.organization_id = $1 and r.email_id = last.id and d.state = 'held'`);

const READERS = `select p.id, p.email, last.created_at + ${GATHERED} as next_at,
    coalesce(last.created_at > app_now() - ${GATHERED} and ${WAITS}, false) as unread
  from people p
  left join lateral (
    select id, created_at from emails e where e.organization_id = $1 and e.person_id = p.id and e.kind = 'mail_room'
    order by id desc limit 1) last on true
  where p.organization_id = $1 and p.partner_id is null and p.role in ('owner', 'admin', 'manager')
    and p.removed_at is null and p.id <> all($2::uuid[])
  order by p.id`;

/**
 * Lets those who look after the mail room know by email that a message waits, in the caller's transaction: at once, or
 * together with others if they have been told within the hour and what they were told of still waits.
 */
export const queueMailRoomReports = (db: Knex.Transaction, organization_id: string): Promise<void> =>
  actingAs(db, systemActor(organization_id), async () => {
    const untried = await queryPrepared<{ person_id: string }>(db, UNTRIED, [organization_id]);
    const values = [organization_id, untried.map(({ person_id }) => person_id)];
    const readers = await queryPrepared<Reader>(db, READERS, values);
    const unrelated = { activity_id: null, subject_id: null, cause_id: null };
    for (const { id: person_id, email, unread, next_at } of readers) {
      const run_at = unread ? next_at : null;
      const to = { organization_id, kind: 'mail_room' as const, person_id, to_address: email };
      await queueEmail(db, { ...unrelated, ...to }, run_at);
    }
  });
