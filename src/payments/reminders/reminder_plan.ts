import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor, Query } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** When an organization reminds of payments: days after the due date, or before it if negative; in their order. */
interface ReminderPlan {
  reminder_days: number[];
  /** Customers get a statement each month. */
  monthly_statements: boolean;
}

export const reminderPlanOf = ({ organization_id }: Actor): Query<ReminderPlan> => ({
  name: 'reminder_plan',
  text: 'select reminder_days, monthly_statements from organizations where id = $1',
  values: [organization_id],
});

/** Changes the plan, and records that. Documents that wait for a day of the old one are looked at anew. */
export async function setReminderPlan(db: Knex.Transaction, actor: Actor, reminder_days: number[]): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, 'administration');
  await db('organizations').where({ id: organization_id }).update({ reminder_days });
  await lookAgain(db, ALL, { organization_id });
  await record(db, actor, { action: 'set_reminders', details: { days: reminder_days }, visible_to: 'staff' });
}

/** Stops the reminders to a partner, or lets them go out again, and records that. @throws NotFound, NotAllowed */
export async function stopReminders(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  stop: boolean,
): Promise<void> {
  const { organization_id, person_id } = actor;
  requireMay(actor, { permits: 'invoicing' });
  const partner = await db('partners').where({ organization_id, id: partner_id }).forUpdate().first();
  if (!partner) throw new NotFound();
  if ((partner.reminders_stopped_at !== null) === stop) return;
  await db('partners')
    .where({ organization_id, id: partner_id })
    .update({
      reminders_stopped_at: stop ? db.raw('app_now()') : null,
      reminders_stopped_by: stop ? person_id : null,
    });
  await lookAgain(db, THEIRS, { organization_id, partner_id });
  const action = stop ? 'stop_reminders' : 'resume_reminders';
  await record(db, actor, { action, partner_id, details: { name: partner.name }, visible_to: 'staff' });
}

const BATCH = 1000;

/** The keys of documents, a page at a time: of all that the clock knows, or of a partner's. `last`: the page before. */
const ALL = `select document_id as id from document_checks
  where organization_id = :organization_id and document_id > :last order by document_id limit ${BATCH}`;
const THEIRS = `select id from documents
  where organization_id = :organization_id and partner_id = :partner_id and id > :last order by id limit ${BATCH}`;

const AGAIN = `update document_checks set check_at = '-infinity'
  where organization_id = ? and document_id = ? and check_at < 'infinity'`;

interface Whose {
  organization_id: string | null;
  partner_id?: string;
}

/** The next tick looks at those of these documents that the clock acts on in their state. */
async function lookAgain(db: Knex.Transaction, keys: string, whose: Whose): Promise<void> {
  const { organization_id } = whose;
  let last: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (last) {
    const { rows }: { rows: { id: string }[] } = await db.raw(keys, { ...whose, last });
    const ids = rows.map(({ id }) => id);
    // One by one, by their keys: sent together, they take one round trip.
    for (const id of ids) await send(db, db.raw(AGAIN, [organization_id, id]));
    last = ids.at(-1);
  }
}
