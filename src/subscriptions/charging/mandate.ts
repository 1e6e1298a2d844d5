import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import type { Translate } from '../../pages/i18n.js';
import { findPayers } from '../../payments/methods/tell_payers.js';
import { tell } from '../../people/invitations/tell.js';
import { contactParticipants } from '../../subjects/participants.js';
import type { SubscriptionRow } from '../subscription.js';

/** What a customer agreed to: its invoices are charged to a stored method. */
export interface Mandate {
  id: string;
  method_id: string;
  method: string;
  brand: string;
  last_four: string;
  /** Of one invoice, in minor units. */
  max_amount: number;
  currency: string;
  notice_days: number;
  words: string;
  person_id: string;
}

/** The sentence that a customer agrees to, as it is shown and kept. */
export const mandateWords = (
  t: Translate,
  { organization, title, number }: { organization: string; title: string; number: string },
): string =>
  [
    t('{{organization}} may charge the chosen payment method for each invoice of {{title}} ({{number}}).', {
      ...{ organization, title, number },
    }),
    t('No more than the limit is charged, and each charge is announced by email the set number of days before.'),
    t('We can change or end this at any time.'),
  ].join(' ');

/** What an activity says of a mandate: see activity/charging_facts.ts. */
export const mandateFacts = ({ method, brand, last_four, max_amount, currency, notice_days, words }: Mandate) => ({
  ...{ method, brand, last_four, max_amount, currency, notice_days, words },
});

/** Emails what happened to those of the customer who may pay and don't follow the subscription: its act tells the others. */
export async function tellOtherPayers(
  db: Knex.Transaction,
  actor: Actor,
  row: SubscriptionRow,
  action: string,
  { brand, last_four, method }: Pick<Mandate, 'brand' | 'last_four' | 'method'>,
): Promise<void> {
  const { organization_id, partner_id, number, title } = row;
  const told = new Set((await contactParticipants(db, row)).map(({ id }) => id));
  const others = (await findPayers(db, organization_id, partner_id)).filter(({ person_id }) => !told.has(person_id));
  if (!others.length) return;
  const details = { name: title, number, brand, last_four, method };
  await tell(db, await record(db, actor, { action, partner_id, details, visible_to: 'partner' }), others);
}
