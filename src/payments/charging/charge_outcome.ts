import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import type { ChargeCause } from '../../document_types/shared/charge_actions.js';
import { today } from '../../pages/days.js';
import type { Account } from '../ledger/ledger.js';
import { nextTry } from './retries.js';

/** An automatic payment that failed: what was charged, and when it is tried again; null: not any more. */
interface FailedCharge {
  method: string;
  brand: string;
  last_four: string;
  next_on: string | null;
}

/**
 * Notes that an automatic payment failed, and when it is tried again; null if the payment is none. `final`: another try
 * without its payer leads nowhere. Once its mandate has ended, nothing is tried.
 */
export async function noteFailedCharge(
  db: Knex.Transaction,
  actor: Actor,
  { organization_id }: Account,
  payment_id: string,
  final: boolean,
): Promise<FailedCharge | null> {
  const charge = await db('charge_attempts as a')
    .join('scheduled_charges as c', (on) =>
      on.on('c.organization_id', 'a.organization_id').on('c.document_id', 'a.document_id'),
    )
    .join('payment_mandates as m', (on) => on.on('m.organization_id', 'c.organization_id').on('m.id', 'c.mandate_id'))
    .where({ 'a.organization_id': organization_id, 'a.payment_id': payment_id })
    .first('c.document_id', 'c.method', 'c.brand', 'c.last_four', 'c.charge_on', 'a.attempt', 'm.ended_at');
  if (!charge) return null;
  const { document_id, method, brand, last_four, charge_on, attempt, ended_at } = charge;
  const day = today(actor);
  const over = final || ended_at !== null;
  const next_on = over ? null : nextTry(method, attempt, day > charge_on ? day : charge_on);
  const changed = next_on ? { state: 'scheduled', charge_on: next_on } : { state: 'tried' };
  await db('scheduled_charges').where({ organization_id, document_id, state: 'tried' }).update(changed);
  return { method, brand, last_four, next_on };
}

/** The invoice is not charged, and its customer pays it. Returns up to which amount it could have been. */
export async function stopCharge(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Account,
  cause: ChargeCause,
): Promise<number | null> {
  const [stopped] = await db('scheduled_charges')
    .where({ organization_id, document_id, state: 'scheduled' })
    .update({ state: 'stopped', cause })
    .returning('max_amount');
  return stopped?.max_amount ?? null;
}
