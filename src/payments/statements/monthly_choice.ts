import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** Whether customers get a statement each month, unless it is chosen otherwise for one of them; records a change. */
export async function setMonthlyStatements(db: Knex.Transaction, actor: Actor, monthly: boolean): Promise<void> {
  requireMay(actor, 'administration');
  const changed = await db('organizations')
    .where({ id: actor.organization_id, monthly_statements: !monthly })
    .update({ monthly_statements: monthly });
  const action = monthly ? 'start_statements' : 'stop_statements';
  if (changed) await record(db, actor, { action, details: {}, visible_to: 'staff' });
}

/** The same for one partner; null: as the organization has it. @throws NotFound, NotAllowed */
export async function setPartnerStatements(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  monthly: boolean | null,
): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, { permits: 'invoicing' });
  const partner = await db('partners').where({ organization_id, id: partner_id }).forNoKeyUpdate().first();
  if (!partner) throw new NotFound();
  if (partner.monthly_statements === monthly) return;
  await db('partners').where({ organization_id, id: partner_id }).update({ monthly_statements: monthly });
  const details = { name: partner.name };
  await record(db, actor, { action: 'choose_statements', partner_id, details, visible_to: 'staff' });
}
