import type { Knex } from 'knex';
import { notify, findReaders } from '../../activity/notify.js';
import { record } from '../../activity/record.js';
import { actingAs, systemActor } from '../../db/scope.js';
import { emailTried } from '../../telemetry/metrics.js';
import { severityOf } from '../suppression/enhanced_status.js';
import { recordBounce } from '../suppression/suppression.js';
import { queueEmails } from './queue.js';

/** What happened to a message after it was sent. */
interface DeliveryReport {
  /** The enhanced status code (RFC 3463), if there is one. */
  status: string | null;
  /** The other server's words. */
  detail: string;
  /** As in a delivery report (RFC 3464 §2.3.3: failed, delayed, delivered, …), or `complained` (RFC 5965). */
  action: string;
  /** Sent to the message's bounce address. A bare Message-ID is no proof: it can be read in somebody's reply. */
  proven: boolean;
}

/**
 * Applies a report about one of our emails; repeating it changes nothing. `failed` counts as a bounce and informs
 * staff; `complained` stops optional mail and informs staff; `delayed` and `delivered` update the email; others are
 * ignored.
 */
export const recordReport = (
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  report: DeliveryReport,
): Promise<void> =>
  actingAs(db, systemActor(organization_id), async () => {
    const erased = await isToErased(db, organization_id, email_id);
    // Another server's words name the address.
    await applyReport(db, organization_id, email_id, erased ? { ...report, detail: '' } : report);
  });

/** Whether an email went to somebody whose data has been erased. */
const isToErased = async (db: Knex.Transaction, organization_id: string, id: string): Promise<boolean> =>
  Boolean(
    await db('emails as e')
      .join('people as p', (on) => on.on('p.organization_id', 'e.organization_id').on('p.id', 'e.person_id'))
      .where({ 'e.organization_id': organization_id, 'e.id': id })
      .whereNotNull('p.erasure_id')
      .first('p.id'),
  );

async function applyReport(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  report: DeliveryReport,
): Promise<void> {
  const email = db('emails').where({ organization_id, id: email_id });
  const detail = report.detail.slice(0, 500);
  if (report.action === 'failed') await recordFailure(db, organization_id, email_id, report);
  else if (report.action === 'complained' && report.proven)
    await recordComplaint(db, organization_id, email_id, detail);
  else if (report.action === 'delayed') await email.whereIn('state', ['queued', 'accepted']).update({ detail });
  else if (report.action === 'delivered')
    await email.where({ state: 'accepted' }).update({ state: 'delivered', detail });
}

async function recordFailure(
  db: Knex.Transaction,
  organization_id: string,
  id: string,
  { status, detail, proven }: DeliveryReport,
): Promise<void> {
  const [email] = await db('emails')
    .where({ organization_id, id })
    .whereNot({ state: 'bounced' })
    .update({ state: 'bounced', detail: detail.slice(0, 500) })
    .returning(['subject_id', 'person_id']);
  if (email) emailTried('bounced');
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
    subject_id: email.subject_id,
    partner_id: person.partner_id,
    details: { name: person.name, reason: detail, status, kind, person_id: email.person_id },
    visible_to: 'staff',
  });
}

/** A spam complaint. The subject's staff are notified, since a personal word helps more than another email. */
async function recordComplaint(
  db: Knex.Transaction,
  organization_id: string,
  id: string,
  reason: string,
): Promise<void> {
  const email = await db('emails').where({ organization_id, id }).first('subject_id', 'person_id');
  if (!email?.person_id) return;
  const [person] = await db('people')
    .where({ organization_id, id: email.person_id, complained_at: null })
    .update({ complained_at: db.raw('app_now()') })
    .returning(['name', 'partner_id']);
  if (!person) return;
  const activity = await record(db, systemActor(organization_id), {
    action: 'complain',
    subject_id: email.subject_id,
    partner_id: person.partner_id,
    details: { name: person.name, reason, person_id: email.person_id },
    visible_to: 'staff',
  });
  if (!email.subject_id || !person.partner_id) return;
  const readers = await findReaders(db, activity, 'staff');
  await Promise.all([notify(db, activity, readers, null), queueEmails(db, activity, readers)]);
}
