import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import { today } from '../../pages/days.js';

/** Notes that the actor doesn’t agree with a document. What is owed stays; reminders stop until staff have answered. */
export async function openDispute(db: Knex.Transaction, actor: Actor, id: string) {
  const { organization_id, person_id } = actor;
  await db('documents')
    .where({ organization_id, id })
    .update({ disputed_on: today(actor), disputed_by: person_id });
  return {};
}

/** Staff have answered. */
export async function resolveDispute(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
) {
  await db('documents').where({ organization_id, id }).update({ disputed_on: null, disputed_by: null });
  return {};
}
