import type { Knex } from 'knex';
import type { Act, Outcome, Subject } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { budgetActions } from '../../subjects/project/budget_actions.js';
import { hasItems } from './find_item.js';

type Change = Omit<Outcome, 'subject'>;

const { add_budget_group, rename_budget_group, remove_budget_group } = budgetActions;

/** Adds a group at the end. */
export async function addGroup(db: Knex.Transaction, { subject, input }: Act): Promise<Change> {
  const { name } = add_budget_group.asks.parse(input);
  return { details: { added_group: await insertGroup(db, subject, name) } };
}

/** Returns the id of the group that it adds. */
export async function insertGroup(
  db: Knex.Transaction,
  { organization_id, id: project_id }: Subject,
  name: string,
): Promise<string> {
  const id = newId();
  const last = db.raw(
    `(select coalesce(max(position), 0) + 1 from budget_groups
    where organization_id = ? and project_id = ?)`,
    [organization_id, project_id],
  );
  await db('budget_groups').insert({ organization_id, id, project_id, name, position: last });
  return id;
}

/** Renames a group. @throws Invalid */
export async function renameGroup(db: Knex.Transaction, { subject, input }: Act): Promise<Change> {
  const { group, name } = rename_budget_group.asks.parse(input);
  const before = await findGroup(db, subject, group);
  await db('budget_groups').where({ organization_id: subject.organization_id, id: group }).update({ name });
  return { details: { name, before_group: { id: group, name: before.name } } };
}

/** Removes an empty group. @throws Invalid */
export async function removeGroup(db: Knex.Transaction, { subject, input }: Act): Promise<Change> {
  const { group } = remove_budget_group.asks.parse(input);
  const { name } = await findGroup(db, subject, group);
  const { organization_id } = subject;
  if (await hasItems(db, { organization_id, group_id: group }))
    throw new Invalid({ form: 'Move or remove the items of this group first.' });
  await db('budget_groups')
    .where({ organization_id, id: group })
    .update({ removed_at: db.raw('app_now()') });
  return { details: { name, removed_group: group } };
}

/** @throws Invalid if it is no group of this project's budget */
export async function findGroup(
  db: Knex.Transaction,
  { organization_id, id: project_id }: Subject,
  id: string,
): Promise<{ id: string; name: string }> {
  const found: { id: string; name: string } | undefined = await db('budget_groups')
    .where({ organization_id, project_id, id, removed_at: null })
    .first('id', 'name');
  if (!found) throw new Invalid({ group: 'Choose a group.' });
  return found;
}
