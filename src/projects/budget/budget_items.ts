import Big from 'big.js';
import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Act, Outcome, Subject } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { recountItem } from '../../documents/budget/recount_budget.js';
import { Invalid } from '../../errors.js';
import { budgetActions, type itemInput, MOST_ITEMS } from '../../subjects/project/budget_actions.js';
import { findGroup } from './budget_groups.js';
import { type BudgetItem, pricesOf } from './budget_item.js';
import { budgetCurrency, findItem } from './find_item.js';

type Change = Omit<Outcome, 'subject'>;

const { add_item, change_item, move_item, remove_item } = budgetActions;

/** Adds an item at the end of its group. @throws Invalid by field */
export async function addItem(db: Knex.Transaction, { subject, input, activity_id }: Act): Promise<Change> {
  const { group, ...given } = add_item.asks.parse(input);
  await findGroup(db, subject, group);
  const columns = await validItem(db, subject, given);
  await insertItem(db, subject, { ...columns, group_id: group, added_by: activity_id });
  return { details: { name: given.name, added: activity_id } };
}

type NewItem = Omit<BudgetItem, 'organization_id' | 'project_id' | 'position' | 'id'>;

/** Returns the new item's id. @throws Invalid if the budget is full */
export async function insertItem(
  db: Knex.Transaction,
  { organization_id, id: project_id }: Subject,
  item: NewItem,
): Promise<string> {
  await requireRoom(db, organization_id, project_id, 1);
  const id = newId();
  const position = db.raw(
    `(select coalesce(max(position), 0) + 1 from budget_items
    where organization_id = ? and group_id = ?)`,
    [organization_id, item.group_id],
  );
  await db('budget_items').insert({ ...item, organization_id, project_id, id, position });
  return id;
}

/** @throws Invalid if so many items more are too many */
export async function requireRoom(db: Knex.Transaction, organization_id: string, project_id: string, more: number) {
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from (select from budget_items
      where organization_id = ? and project_id = ? and removed_at is null limit ?) i`,
    [organization_id, project_id, MOST_ITEMS + 1],
  );
  if ((rows[0]?.count ?? 0) + more > MOST_ITEMS)
    throw new Invalid({ form: 'A budget has at most {{most}} items.' }, { most: MOST_ITEMS });
}

/** An item's columns from its form, in the currency of its budget. @throws Invalid by field */
async function validItem(db: Knex.Transaction, subject: Subject, given: z.output<typeof itemInput>) {
  const { organization_id, id: project_id } = subject;
  const { name, unit = '', vendor = null, task = null, catalog = null } = given;
  const currency = await budgetCurrency(db, subject);
  if (vendor && !(await db('partners').where({ organization_id, id: vendor, is_vendor: true }).first('id')))
    throw new Invalid({ vendor: 'Choose a vendor.' });
  if (task && !(await db('tasks').where({ organization_id, id: task, project_id }).first('id')))
    throw new Invalid({ task: 'Choose a task of this project.' });
  if (catalog && !(await db('items').where({ organization_id, id: catalog }).first('id')))
    throw new Invalid({ name: 'Choose one of your items, or type a name.' });
  const prices = pricesOf(given, currency);
  if (![prices.cost, prices.price].every(Number.isSafeInteger))
    throw new Invalid({ quantity: 'This comes to more than can be counted.' });
  return { name, unit, vendor_id: vendor, task_id: task, catalog_id: catalog, ...prices };
}

/** What Undo puts back. */
const BEFORE = [
  ...(['group_id', 'position', 'name', 'unit', 'quantity', 'unit_cost', 'markup', 'unit_price', 'cost'] as const),
  ...(['price', 'vendor_id', 'task_id', 'catalog_id'] as const),
] as const;

const before = (item: BudgetItem) => Object.fromEntries(BEFORE.map((name) => [name, item[name]]));

/** Changes an item as its form says. @throws Invalid by field */
export async function changeItem(db: Knex.Transaction, { subject, input }: Act): Promise<Change> {
  const { organization_id } = subject;
  const { item: id, group, ...given } = change_item.asks.parse(input);
  const item = await findItem(db, subject, id);
  await findGroup(db, subject, group);
  const columns = await validItem(db, subject, given);
  await db('budget_items')
    .where({ organization_id, id })
    .update({ ...columns, group_id: group });
  await recountItem(db, { organization_id, id });
  return { details: { name: given.name, before: before(item) } };
}

/** Moves an item before or behind its neighbour; at the end of its group nothing changes. @throws Invalid */
export async function moveItem(db: Knex.Transaction, { subject, input }: Act): Promise<Change> {
  const { organization_id } = subject;
  const { item: id, direction } = move_item.asks.parse(input);
  const item = await findItem(db, subject, id);
  const [than, order] = direction === 'up' ? (['<', 'desc'] as const) : (['>', 'asc'] as const);
  const [near, far]: { position: string }[] = await db('budget_items')
    .where({ organization_id, group_id: item.group_id, removed_at: null })
    .where('position', than, item.position)
    .orderBy('position', order)
    .limit(2)
    .select('position');
  if (near)
    await db('budget_items')
      .where({ organization_id, id })
      .update({ position: between(near, far, direction) });
  return { details: { name: item.name, before: before(item) } };
}

/** A place between two, or beyond the last. */
const between = (near: { position: string }, far: { position: string } | undefined, direction: 'up' | 'down') =>
  far
    ? Big(near.position).plus(far.position).div(2).toFixed()
    : Big(near.position)
        .plus(direction === 'up' ? -1 : 1)
        .toFixed();

/** Removes an item that no document in effect is about. @throws Invalid */
export async function removeItem(db: Knex.Transaction, { subject, input }: Act): Promise<Change> {
  const { organization_id } = subject;
  const { item: id } = remove_item.asks.parse(input);
  const item = await findItem(db, subject, id);
  await refuseIfUsed(db, organization_id, [id]);
  await db('budget_items')
    .where({ organization_id, id })
    .update({ removed_at: db.raw('app_now()') });
  return { details: { name: item.name, removed: id } };
}

/** @throws Invalid if documents come to something for any of these items */
export async function refuseIfUsed(
  db: Knex.Transaction,
  organization_id: string,
  items: Knex.QueryBuilder | string[],
): Promise<void> {
  const used: unknown = await db('budget_item_sums')
    .where({ organization_id })
    .whereIn('item_id', items)
    .whereRaw('(offered, accepted, invoiced, ordered, billed) <> (0, 0, 0, 0, 0)')
    .first('item_id');
  if (used) throw new Invalid({ form: 'Documents are about this item, so it stays in the budget.' });
}
