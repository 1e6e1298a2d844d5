import type { Knex } from 'knex';
import { z } from 'zod';
import { Conflict } from '../../errors.js';
import type { SubscriptionRow } from '../subscription.js';
import type { Changed, SubscriptionAct } from '../subscription_acts.js';
import { type Mandate, mandateFacts, tellOtherPayers } from './mandate.js';

const Lost = z.object({ cause: z.enum(['removed', 'expired']).optional() });

/** Nothing more is charged, also not of what was sent already: the customer pays that. @throws Conflict */
export async function endCharging(db: Knex.Transaction, act: SubscriptionAct): Promise<Changed> {
  const { row, actor, name, input } = act;
  const { cause } = Lost.parse(input);
  const mandate = await endMandate(db, row, cause ?? (actor.side === 'staff' ? 'staff' : 'customer'));
  if (!mandate) throw new Conflict('Automatic payment has ended already.');
  const numbers = await numbersOf(db, row, await stopScheduled(db, row, mandate.id));
  await tellOtherPayers(db, actor, row, name, mandate);
  const details = { mandate: mandateFacts(mandate), numbers, ended: cause ?? 'asked' };
  return { details: { ...details, cause: undefined, ...(cause ? {} : { person_id: actor.person_id }) } };
}

const endMandate = (
  db: Knex.Transaction,
  { organization_id, id: subscription_id }: SubscriptionRow,
  ended_by: string,
): Promise<Mandate | undefined> =>
  db('payment_mandates')
    .where({ organization_id, subscription_id, ended_at: null })
    .update({ ended_at: db.raw('app_now()'), ended_by })
    .returning('*')
    .then(([ended]: Mandate[]) => ended);

/** Returns the invoices that would have been charged. */
async function stopScheduled(
  db: Knex.Transaction,
  { organization_id }: SubscriptionRow,
  mandate_id: string,
): Promise<string[]> {
  const stopped = await db('scheduled_charges')
    .where({ organization_id, mandate_id, state: 'scheduled' })
    .update({ state: 'stopped', cause: 'mandate' })
    .returning('document_id');
  return stopped.map(({ document_id }: { document_id: string }) => document_id);
}

const numbersOf = (db: Knex.Transaction, { organization_id }: SubscriptionRow, ids: string[]): Promise<string[]> =>
  db('documents')
    .where({ organization_id })
    .whereIn('id', ids)
    .whereIn('state', ['sent', 'partly_paid'])
    .orderBy('number')
    .pluck('number');
