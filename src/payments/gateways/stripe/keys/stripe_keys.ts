import type { Knex } from 'knex';
import { systemActor, withActor } from '../../../../db/scope.js';
import { reseal, seal, unsealWithAny } from '../../../../db/secrets.js';

/** An organization's account at Stripe. */
export interface StripeKeys {
  secret_key: string;
  livemode: boolean;
  account: string;
  /** Those that webhooks may be signed with: while one is rolled, two. */
  webhook_secrets: string[];
  connected_at: Date;
}

/** An account in its mode: neither the other mode nor another account can charge what is stored there. */
export const accountName = ({ account, livemode }: Pick<StripeKeys, 'account' | 'livemode'>): string =>
  `${account} ${livemode ? 'live' : 'test'}`.trim();

/** What people see of it. */
export interface StripeKeysShown {
  livemode: boolean;
  account: string;
  secret_key_ending: string;
  webhook_secret_ending: string;
  old_webhook_secret_ending: string | null;
}

const COLUMNS = ['secret_key', 'webhook_secret', 'old_webhook_secret'] as const;

/** Binds what is sealed to its organization and use: a signing secret stays what it is when another takes its place. */
const placeOf = (organization_id: string, column: (typeof COLUMNS)[number]) =>
  `stripe ${organization_id} ${column === 'secret_key' ? 'secret' : 'webhook'}`;

/** Seals a key for its column. */
export const sealedKey = (
  secrets: readonly string[],
  organization_id: string,
  column: 'secret_key' | 'webhook_secret',
  key: string,
): Buffer => seal(secrets[0] ?? '', placeOf(organization_id, column), Buffer.from(key));

/** Null: it has none, or none that can be opened. */
export async function readStripeKeys(
  db: Knex,
  secrets: readonly string[],
  organization_id: string,
): Promise<StripeKeys | null> {
  const row = await withActor(db, systemActor(organization_id), (db) =>
    db('stripe_keys').where({ organization_id }).first(),
  );
  if (!row) return null;
  const [secret_key = '', ...webhook_secrets] = COLUMNS.map((column) => {
    const sealed: Buffer | null = row[column];
    return (sealed && unsealWithAny(secrets, placeOf(organization_id, column), sealed)?.toString()) ?? '';
  });
  const { livemode, account, connected_at } = row;
  return secret_key
    ? { secret_key, livemode, account, webhook_secrets: webhook_secrets.filter(Boolean), connected_at }
    : null;
}

/**
 * Seals them under the first of these secrets. Keys that none of them opens are removed, and online payment is off
 * until they are typed again: returns whether they were. As the organization's system.
 */
export async function resealStripeKeys(
  db: Knex.Transaction,
  secrets: readonly string[],
  organization_id: string,
): Promise<boolean> {
  const row = await db('stripe_keys').where({ organization_id }).first();
  if (!row) return false;
  const anew: Record<string, Buffer> = {};
  for (const column of COLUMNS) {
    const sealed = row[column] && reseal(secrets, placeOf(organization_id, column), row[column]);
    if (sealed) anew[column] = sealed;
  }
  const lost = !anew['secret_key'] || !anew['webhook_secret'];
  const keys = db('stripe_keys').where({ organization_id });
  await (lost ? keys.del() : keys.update(anew));
  if (lost) await db('organizations').where({ id: organization_id, gateway: 'stripe' }).update({ gateway: null });
  return lost;
}
