import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** Changes what customers can pay with online, and records that. @throws NotAllowed */
export async function setOnlineMethods(db: Knex.Transaction, actor: Actor, online_methods: string[]): Promise<void> {
  requireMay(actor, 'administration');
  await db('organizations').where({ id: actor.organization_id }).update({ online_methods });
  await record(db, actor, { action: 'set_online_methods', details: { methods: online_methods }, visible_to: 'staff' });
}

/** Allows debits of a partner's bank account, or no longer, and records that. @throws NotFound, NotAllowed */
export async function allowBankDebit(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  allow: boolean,
): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, { permits: 'paying' });
  const partner = await db('partners').where({ organization_id, id: partner_id }).forUpdate().first();
  if (!partner) throw new NotFound();
  if (partner.bank_debit_allowed === allow) return;
  await db('partners').where({ organization_id, id: partner_id }).update({ bank_debit_allowed: allow });
  const action = allow ? 'allow_bank_debit' : 'refuse_bank_debit';
  await record(db, actor, { action, partner_id, details: { name: partner.name }, visible_to: 'staff' });
}
