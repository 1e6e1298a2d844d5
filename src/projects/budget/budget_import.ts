import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Act, Outcome, Subject } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { budgetActions, type importedItem } from '../../subjects/project/budget_actions.js';
import { insertGroup } from './budget_groups.js';
import { pricesOf } from './budget_item.js';
import { requireRoom } from './budget_items.js';
import { budgetCurrency } from './find_item.js';

type Imported = z.output<typeof importedItem>;

/** Adds items behind those that are there; groups by their names, new ones at the end. @throws Invalid */
export async function importBudget(
  db: Knex.Transaction,
  { subject, input, activity_id }: Act,
): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: project_id } = subject;
  const { items } = budgetActions.import_budget.asks.parse(input);
  await requireRoom(db, organization_id, project_id, items.length);
  await requireVendors(db, organization_id, items);
  const currency = await budgetCurrency(db, subject);
  const groups = await groupsFor(db, subject, items);
  const last = await lastPositions(db, organization_id, [...groups.values()]);
  const rows = items.map(({ group, name, unit = '', vendor = null, ...given }, n) => {
    const group_id = groups.get(group.toLowerCase()) ?? '';
    const position = (last.get(group_id) ?? 0) + n + 1;
    const place = { organization_id, id: newId(), project_id, group_id, position, added_by: activity_id };
    return { ...place, name, unit, vendor_id: vendor, ...pricesOf(given, currency) };
  });
  if (!rows.every(({ cost, price }) => Number.isSafeInteger(cost) && Number.isSafeInteger(price)))
    throw new Invalid({ form: 'This comes to more than can be counted.' });
  await db.batchInsert('budget_items', rows, 500);
  return { details: { count: items.length, added: activity_id } };
}

/** @throws Invalid */
async function requireVendors(db: Knex.Transaction, organization_id: string, items: Imported[]): Promise<void> {
  const ids = [...new Set(items.flatMap(({ vendor }) => vendor ?? []))];
  const known = await db('partners').where({ organization_id, is_vendor: true }).whereIn('id', ids).select('id');
  if (known.length !== ids.length) throw new Invalid({ form: 'A vendor of this sheet is not known any more.' });
}

/** The ids of the groups by their names in small letters. */
async function groupsFor(db: Knex.Transaction, subject: Subject, items: Imported[]): Promise<Map<string, string>> {
  const { organization_id, id: project_id } = subject;
  const known: { id: string; name: string }[] = await db('budget_groups')
    .where({ organization_id, project_id, removed_at: null })
    .select('id', 'name');
  const groups = new Map(known.map(({ id, name }) => [name.toLowerCase(), id]));
  for (const { group } of items)
    if (!groups.has(group.toLowerCase())) groups.set(group.toLowerCase(), await insertGroup(db, subject, group));
  return groups;
}

async function lastPositions(
  db: Knex.Transaction,
  organization_id: string,
  groups: string[],
): Promise<Map<string, number>> {
  const rows: { group_id: string; last: string }[] = await db('budget_items')
    .where({ organization_id })
    .whereIn('group_id', groups)
    .groupBy('group_id')
    .select('group_id', db.raw('max(position)::text as last'));
  return new Map(rows.map(({ group_id, last }) => [group_id, Math.ceil(Number(last))]));
}
