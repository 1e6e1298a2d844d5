import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import type { Actor, Query } from '../db/scope.js';
import { NotFound } from '../errors.js';
import { requireMay } from '../subjects/may.js';

/** When an organization reminds of payments: days after the due date, or before it if negative; in their order. */
interface ReminderPlan {
  reminder_days: number[];
}

export const reminderPlanOf = ({ organization_id }: Actor): Query<ReminderPlan> => ({
  name: 'reminder_plan',
  text: 'select reminder_days from organizations where id = $1',
  values: [organization_id],
});

/** Changes the plan, and records that. Documents that wait for a day of the old one are looked at anew. */
export async function setReminderPlan(db: Knex.Transaction, actor: Actor, reminder_days: number[]): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, 'administration');
  await db('organizations').where({ id: organization_id }).update({ reminder_days });
  await lookAgain(db, db('document_checks').where({ organization_id }));
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
  const theirs = db('documents').where({ organization_id, partner_id }).select('id');
  await lookAgain(db, db('document_checks').where({ organization_id }).whereIn('document_id', theirs));
  const action = stop ? 'stop_reminders' : 'resume_reminders';
  await record(db, actor, { action, partner_id, details: { name: partner.name }, visible_to: 'staff' });
}

/** The next tick looks at those of these documents that the clock acts on in their state. */
const lookAgain = (db: Knex.Transaction, checks: Knex.QueryBuilder) =>
  checks.where('check_at', '<', db.raw("'infinity'")).update({ check_at: db.raw("'-infinity'") });
