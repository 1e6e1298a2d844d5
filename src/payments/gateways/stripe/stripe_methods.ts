import { z } from 'zod';
import type { StoredMethod } from '../gateway.js';
import { accountName } from './keys/stripe_keys.js';
import type { StripeAccount } from './stripe_account.js';
import { asking, requestOptions } from './stripe_client.js';
import { askIntent } from './stripe_events.js';
import { CheckoutSession, reference } from './stripe_objects.js';

/** A method that a payer had stored on Stripe's page, while they paid or by itself. */
interface StoredOnPage extends StoredMethod {
  by: { payment_id: string } | { setup_id: string };
}

const SetupIntent = z.object({ status: z.string(), payment_method: reference });

const Method = z.object({
  card: z.object({ brand: z.string(), last4: z.string(), exp_month: z.int(), exp_year: z.int() }).nullish(),
  us_bank_account: z.object({ bank_name: z.string().nullish(), last4: z.string() }).nullish(),
  sepa_debit: z.object({ bank_code: z.string().nullish(), last4: z.string() }).nullish(),
});

/** What was stored on the page of this session, which is complete. Null: nothing that can be charged again. */
export async function askStored(account: StripeAccount, object: unknown): Promise<StoredOnPage | null> {
  const session = CheckoutSession.parse(object);
  const { metadata, customer, client_reference_id, mode } = session;
  const { organization, payment, store } = metadata;
  if (store !== 'yes' || organization !== account.organization_id || !customer) return null;
  const by =
    mode === 'setup' ? client_reference_id && { setup_id: client_reference_id } : payment && { payment_id: payment };
  const method = await methodOf(account, session);
  const stored = by && method && (await askMethod(account, method));
  return stored ? { ...stored, account: accountName(account.keys), by } : null;
}

async function methodOf(account: StripeAccount, { setup_intent, payment_intent }: z.output<typeof CheckoutSession>) {
  if (payment_intent) return (await askIntent(account, payment_intent)).payment_method;
  if (!setup_intent) return null;
  const found = await asking(() => account.stripe.setupIntents.retrieve(setup_intent, {}, requestOptions()));
  const { status, payment_method } = SetupIntent.parse(found);
  return status === 'succeeded' ? payment_method : null;
}

async function askMethod({ stripe }: StripeAccount, id: string): Promise<StoredMethod | null> {
  const found = Method.parse(await asking(() => stripe.paymentMethods.retrieve(id, {}, requestOptions())));
  const { card, us_bank_account, sepa_debit } = found;
  if (card) {
    const expires = `${card.exp_year}-${String(card.exp_month).padStart(2, '0')}`;
    return { reference: id, method: 'card', brand: brandName(card.brand), last_four: card.last4, expires };
  }
  const brand = us_bank_account?.bank_name ?? sepa_debit?.bank_code ?? '';
  const last_four = (us_bank_account ?? sepa_debit)?.last4;
  return last_four ? { reference: id, method: 'bank_debit', brand, last_four, expires: null } : null;
}

const BRANDS: Record<string, string> = {
  ...{ amex: 'American Express', diners: 'Diners Club', jcb: 'JCB', unionpay: 'UnionPay' },
  ...{ eftpos_au: 'Eftpos', cartes_bancaires: 'Cartes Bancaires' },
};

/** "Visa": Stripe writes it small. */
const brandName = (brand: string) => BRANDS[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1);
