import type { Knex } from 'knex';
import type { Subject } from '../../acting/context.js';
import { Invalid } from '../../errors.js';
import type { BudgetItem } from './budget_item.js';

/** An item of the project's budget. @throws Invalid if there is none */
export async function findItem(
  db: Knex.Transaction,
  { organization_id, id: project_id }: Pick<Subject, 'organization_id' | 'id'>,
  id: string,
): Promise<BudgetItem> {
  const found: BudgetItem | undefined = await db('budget_items')
    .where({ organization_id, project_id, id, removed_at: null })
    .first();
  if (!found) throw new Invalid({ form: 'This item is no longer in the budget.' });
  return found;
}

/** Whether a group has items. */
export const hasItems = async (
  db: Knex.Transaction,
  group: { organization_id: string; group_id: string },
): Promise<boolean> =>
  Boolean(
    await db('budget_items')
      .where({ ...group, removed_at: null })
      .first('id'),
  );

/** The currency of a project's budget: its customer's. */
export async function budgetCurrency(
  db: Knex.Transaction,
  { organization_id, id }: Pick<Subject, 'organization_id' | 'id'>,
): Promise<string> {
  const found: { currency: string } | undefined = await db('projects as j')
    .join('partners as p', (on) => on.on('p.organization_id', 'j.organization_id').on('p.id', 'j.partner_id'))
    .where({ 'j.organization_id': organization_id, 'j.id': id })
    .first('p.currency');
  return found?.currency ?? '';
}
