import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome, Subject } from '../../acting/context.js';
import { recountItem } from '../../documents/budget/recount_budget.js';
import { Conflict, Invalid } from '../../errors.js';
import { budgetActions } from '../../subjects/project/budget_actions.js';
import { refuseIfUsed } from './budget_items.js';

/** What activities keep of a change to a budget, for Undo. */
const Kept = z.object({
  item: z.string().optional(),
  before: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).optional(),
  removed: z.string().optional(),
  added: z.string().optional(),
  added_group: z.string().optional(),
  removed_group: z.string().optional(),
  before_group: z.object({ id: z.string(), name: z.string() }).optional(),
});

/** Undoes a change to the budget, if it is the last one of what it changed. @throws Invalid, Conflict */
export async function undoBudget(db: Knex.Transaction, { subject, input }: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: subject_id } = subject;
  const { activity: id } = budgetActions.undo_budget.asks.parse(input);
  const done: { id: string; action: string; details: unknown } | undefined = await db('activities')
    .where({ organization_id, subject_id, id })
    .first('id', 'action', 'details');
  if (!done || done.action === 'undo_budget' || !(done.action in budgetActions))
    throw new Invalid({ form: 'This can’t be undone any more.' });
  await refuseLater(db, subject, done.id);
  const kept = Kept.parse(done.details);
  await restoreItem(db, organization_id, kept);
  await restoreGroup(db, organization_id, kept);
  return { details: {} };
}

/** What somebody did since then may build on it. @throws Conflict */
async function refuseLater(db: Knex.Transaction, { organization_id, id: subject_id }: Subject, activity: string) {
  const later: { action: string }[] = await db('activities')
    .where({ organization_id, subject_id })
    .where('id', '>', activity)
    .orderBy('id')
    .limit(200)
    .select('action');
  if (later.some(({ action }) => action in budgetActions)) throw new Conflict('The budget has changed since.');
}

async function restoreItem(
  db: Knex.Transaction,
  organization_id: string,
  { item, before, removed, added }: z.output<typeof Kept>,
): Promise<void> {
  const items = db('budget_items').where({ organization_id });
  if (before && item) {
    await items.where({ id: item }).update(before);
    await recountItem(db, { organization_id, id: item });
  }
  if (removed) await items.where({ id: removed }).update({ removed_at: null });
  if (!added) return;
  await refuseIfUsed(db, organization_id, db('budget_items').where({ organization_id, added_by: added }).select('id'));
  await items.where({ added_by: added }).update({ removed_at: db.raw('app_now()') });
}

async function restoreGroup(
  db: Knex.Transaction,
  organization_id: string,
  { added_group, removed_group, before_group }: z.output<typeof Kept>,
): Promise<void> {
  const one = (id: string) => db('budget_groups').where({ organization_id, id });
  if (added_group) await one(added_group).update({ removed_at: db.raw('app_now()') });
  if (removed_group) await one(removed_group).update({ removed_at: null });
  if (before_group) await one(before_group.id).update({ name: before_group.name });
}
