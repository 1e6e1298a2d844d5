import type { Knex } from 'knex';
import { notify, findReaders } from '../../activity/notify.js';
import { record } from '../../activity/record.js';
import { setActor, systemActor } from '../../db/scope.js';
import { queueEmails } from './queue.js';
import { severityOf } from '../suppression/enhanced_status.js';
import { recordBounce } from '../suppression/suppression.js';

/**
 * What became of a message after it was sent. `action` is a report's (RFC 3464 §2.3.3: failed, delayed, delivered, …)
 * or `complained` (RFC 5965).
 */
export interface DeliveryReport {
  /** The enhanced code (RFC 3463), if there is one. */
  status: string | null;
  /** What the other server said. */
  detail: string;
  action: string;
  /** It came to the message's own bounce address. Who knows only a Message-ID may have read it in somebody's reply. */
  proven: boolean;
}

/**
 * Notes a report about an email of ours. `failed` ends it: it is on the document's timeline for staff, and counts
 * against the address. `complained` stops what its reader need not have, and tells staff. `delayed` is a note,
 * `delivered` a good end; all else changes nothing. A second report of the same changes nothing. In the caller's
 * transaction, which goes on as the clock.
 */
export async function recordReport(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  report: DeliveryReport,
): Promise<void> {
  await setActor(db, systemActor(organization_id));
  const email = db('emails').where({ organization_id, id: email_id });
  const detail = report.detail.slice(0, 500);
  if (report.action === 'failed') await failed(db, organization_id, email_id, report);
  else if (report.action === 'complained' && report.proven) await complained(db, organization_id, email_id, detail);
  else if (report.action === 'delayed') await email.whereIn('state', ['queued', 'accepted']).update({ detail });
  else if (report.action === 'delivered')
    await email.where({ state: 'accepted' }).update({ state: 'delivered', detail });
}

async function failed(
  db: Knex.Transaction,
  organization_id: string,
  id: string,
  { status, detail, proven }: DeliveryReport,
): Promise<void> {
  const [email] = await db('emails')
    .where({ organization_id, id })
    .whereNot({ state: 'bounced' })
    .update({ state: 'bounced', detail: detail.slice(0, 500) })
    .returning(['document_id', 'person_id']);
  if (!email?.person_id) return;
  const kind = severityOf(status);
  const person = await db('people').where({ organization_id, id: email.person_id }).first('name', 'partner_id');
  if (kind === 'hard')
    await db('people')
      .where({ organization_id, id: email.person_id })
      .update({ bounced_at: db.raw('app_now()') });
  if (proven) await recordBounce(db, { organization_id, person_id: email.person_id, email_id: id }, kind);
  await record(db, systemActor(organization_id), {
    action: 'bounce',
    document_id: email.document_id,
    partner_id: person.partner_id,
    details: { name: person.name, reason: detail, status, kind, person_id: email.person_id },
    visible_to: 'staff',
  });
}

/**
 * Somebody called a message of ours spam. The document's staff are told: a word from a person mends more than another
 * email.
 */
async function complained(db: Knex.Transaction, organization_id: string, id: string, reason: string): Promise<void> {
  const email = await db('emails').where({ organization_id, id }).first('document_id', 'person_id');
  if (!email?.person_id) return;
  const [person] = await db('people')
    .where({ organization_id, id: email.person_id, complained_at: null })
    .update({ complained_at: db.raw('app_now()') })
    .returning(['name', 'partner_id']);
  if (!person) return;
  const activity = await record(db, systemActor(organization_id), {
    action: 'complain',
    document_id: email.document_id,
    partner_id: person.partner_id,
    details: { name: person.name, reason, person_id: email.person_id },
    visible_to: 'staff',
  });
  if (!email.document_id || !person.partner_id) return;
  const readers = await findReaders(db, activity, 'staff');
  await Promise.all([notify(db, activity, readers), queueEmails(db, activity, readers)]);
}
