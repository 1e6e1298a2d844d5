import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { queryPrepared } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { today } from '../../pages/days.js';
import { translatorFor } from '../../pages/i18n.js';
import { type Offer, offeredMethods, offerTo } from '../../payments/methods/offered_methods.js';
import { type StoredMethodRow, storedMethods, usableMethods } from '../../payments/methods/stored_methods.js';
import { agreement } from '../../subjects/subscription/charging_actions.js';
import type { SubscriptionRow } from '../subscription.js';
import type { Changed, SubscriptionAct } from '../subscription_acts.js';
import { type Mandate, mandateFacts, mandateWords, tellOtherPayers } from './mandate.js';

/**
 * The customer lets its invoices be charged: those that are sent from now on, and those that are to be charged already.
 * What was agreed before ends. @throws Invalid
 */
export async function agreeCharging(db: Knex.Transaction, act: SubscriptionAct): Promise<Changed> {
  const { row, actor, name } = act;
  const { method, limit, notice_days, currency = row.currency } = agreement.parse(act.input);
  if (currency !== row.currency)
    throw new Invalid({ limit: 'The amount must be in {{currency}}.' }, { currency: row.currency });
  if (limit < row.total) throw new Invalid({ limit: 'Enter at least what each invoice comes to.' });
  const stored = await findUsable(db, row, method);
  const { organization_id } = row;
  const { name: organization } = await db('organizations').where({ id: organization_id }).first('name');
  const mandate = {
    ...{ id: newId(), method_id: stored.id, method: stored.method, brand: stored.brand, last_four: stored.last_four },
    ...{ max_amount: limit, currency, notice_days, person_id: actor.person_id ?? '' },
    words: mandateWords(translatorFor(actor.locale), { ...row, organization }),
  };
  await replaceMandate(db, row, mandate, today(actor));
  await tellOtherPayers(db, actor, row, name, mandate);
  const told = { mandate: mandateFacts(mandate), person_id: actor.person_id };
  return { details: { method: undefined, limit: undefined, notice_days: undefined, currency: undefined, ...told } };
}

/** Locked, so that it is not removed meanwhile. @throws Invalid unless it is the customer’s, and can be charged now */
async function findUsable(db: Knex.Transaction, row: SubscriptionRow, id: string): Promise<StoredMethodRow> {
  const { organization_id, partner_id } = row;
  await db('payment_methods').where({ organization_id, partner_id, id }).forShare().first('id');
  const [stored, offer] = [storedMethods(row, partner_id), offerTo(organization_id, partner_id)];
  const methods = await queryPrepared<StoredMethodRow>(db, stored.text, stored.values ?? []);
  const offers = await queryPrepared<Offer>(db, offer.text, offer.values ?? []);
  const found = usableMethods(methods, offeredMethods(offers)).find((one) => one.id === id);
  if (!found) throw new Invalid({ method: 'This can’t be charged. Choose another payment method.' });
  return found;
}

async function replaceMandate(
  db: Knex.Transaction,
  { organization_id, id: subscription_id, partner_id }: SubscriptionRow,
  mandate: Mandate,
  day: string,
): Promise<void> {
  const [before] = await db('payment_mandates')
    .where({ organization_id, subscription_id, ended_at: null })
    .update({ ended_at: db.raw('app_now()'), ended_by: 'replaced' })
    .returning('id');
  await db('payment_mandates').insert({ ...mandate, organization_id, subscription_id, partner_id });
  if (!before) return;
  const { id: mandate_id, method, brand, last_four, max_amount, notice_days } = mandate;
  const charge_on = db.raw('greatest(charge_on, ?::date + ?::int)', [day, notice_days]);
  await db('scheduled_charges')
    .where({ organization_id, mandate_id: before.id, state: 'scheduled' })
    .update({ mandate_id, method, brand, last_four, max_amount, charge_on });
}
