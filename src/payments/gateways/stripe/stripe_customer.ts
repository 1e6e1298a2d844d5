import { systemActor, withActor } from '../../../db/scope.js';
import { hashOf } from '../../../db/secrets.js';
import type { GatewayCustomer } from '../gateway.js';
import type { StripeAccount } from './stripe_account.js';
import { asking, requestOptions } from './stripe_client.js';

/** A partner as this account knows it: made once for each account and mode. */
export async function stripeCustomer(account: StripeAccount, customer: GatewayCustomer): Promise<string> {
  const known = await findCustomer(account, customer.partner_id);
  if (known) return known;
  const { organization_id, stripe, keys } = account;
  const { partner_id, name, email } = customer;
  // Two people may begin at the same time: who is second takes the first one's, below.
  const key = `customer-${partner_id}-${hashOf(`${keys.account} ${keys.livemode} ${name} ${email}`).slice(0, 16)}`;
  const { id } = await asking(() =>
    stripe.customers.create(
      {
        name: name.slice(0, 256),
        ...(email ? { email } : {}),
        metadata: { organization: organization_id, partner: partner_id },
      },
      requestOptions(key),
    ),
  );
  return keepCustomer(account, partner_id, id);
}

const rowOf = ({ organization_id, keys: { account, livemode } }: StripeAccount, partner_id: string) => ({
  ...{ organization_id, partner_id, account, livemode },
});

const findCustomer = (account: StripeAccount, partner_id: string): Promise<string | undefined> =>
  withActor(account.knex, systemActor(account.organization_id), async (db) => {
    const row = await db('stripe_customers').where(rowOf(account, partner_id)).first('reference');
    return row?.reference;
  });

const keepCustomer = (account: StripeAccount, partner_id: string, reference: string): Promise<string> =>
  withActor(account.knex, systemActor(account.organization_id), async (db) => {
    const row = rowOf(account, partner_id);
    await db('stripe_customers')
      .insert({ ...row, reference })
      .onConflict()
      .ignore();
    return (await db('stripe_customers').where(row).first('reference')).reference;
  });
