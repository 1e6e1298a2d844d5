import type { Knex } from 'knex';
import type Stripe from 'stripe';
import { GatewayUnavailable } from '../gateway.js';
import { openStripe } from './stripe_client.js';
import { readStripeKeys, type StripeKeys } from './keys/stripe_keys.js';

/** What opens organizations' accounts at Stripe. `secrets`: what keys are sealed under. */
export interface StripeAccess {
  knex: Knex;
  secrets: readonly string[];
  /** Of a stand-in for Stripe. */
  url: string | undefined;
}

/** An organization's account, with a client that asks as it. */
export interface StripeAccount {
  knex: Knex;
  organization_id: string;
  stripe: Stripe;
  keys: StripeKeys;
}

/** Null: it has no keys. */
export async function findStripeAccount(
  { knex, secrets, url }: StripeAccess,
  organization_id: string,
): Promise<StripeAccount | null> {
  const keys = await readStripeKeys(knex, secrets, organization_id);
  return keys && { knex, organization_id, keys, stripe: openStripe(keys.secret_key, url) };
}

/** @throws GatewayUnavailable if it has no keys */
export async function openStripeAccount(access: StripeAccess, organization_id: string): Promise<StripeAccount> {
  const account = await findStripeAccount(access, organization_id);
  if (!account) throw new GatewayUnavailable('no keys for Stripe');
  return account;
}
