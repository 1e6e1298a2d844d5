import type { Knex } from 'knex';
import type { ProfileChange } from '../../../../activity/profile_changes.js';
import { actingAs, systemActor } from '../../../../db/scope.js';
import { Invalid, NotFound } from '../../../../errors.js';
import type { Authority } from '../../../../people/banking/bank_accounts.js';
import { changingPayment } from '../../../../people/getting_paid/changing_payment.js';
import { removeOfOthers } from '../../../methods/managing_methods.js';
import type { KnownAccount, TypedStripeKeys } from './stripe_key_form.js';
import { accountName, sealedKey, type StripeKeysShown } from './stripe_keys.js';

/** What seals them, and of whom. */
interface Sealing {
  secrets: readonly string[];
  authority: Authority;
}

/**
 * Has customers pay through Stripe by these keys, or by others than before. A signing secret takes its place beside the
 * one before, which counts until it is removed; with another account or mode, nothing of the one before counts, and what
 * was stored there is removed. `known`: whose the secret key is, if one was typed. @throws NotAllowed; Invalid
 */
export const saveStripeKeys = (
  db: Knex,
  { secrets, authority }: Sealing,
  typed: TypedStripeKeys,
  known: KnownAccount | null,
): Promise<void> =>
  changing(db, authority, async (db, organization_id, before) => {
    const moved = isOther(before, known);
    requireBoth(before, moved, typed);
    const row = {
      ...known,
      ...secretColumns(secrets, organization_id, typed),
      ...webhookColumns(secrets, organization_id, typed, moved ? undefined : before),
      ...(moved ? { connected_at: db.raw('app_now()') } : {}),
    };
    await db('stripe_keys')
      .insert({ ...before, ...row, organization_id })
      .onConflict('organization_id')
      .merge();
    await db('organizations').where({ id: organization_id }).update({ gateway: 'stripe' });
    if (known) {
      const here = { organization_id, gateway: 'stripe', account: accountName(known) };
      await removeOfOthers(db, authority.actor, here);
    }
    return { action: before ? 'change_stripe' : 'connect_stripe', changes: changesOf(before, { ...before, ...row }) };
  });

/** Has the signing secret before no longer count. @throws NotAllowed; NotFound if there is none */
export const removeOldSecret = (db: Knex, authority: Authority): Promise<void> =>
  changing(db, authority, async (db, organization_id, before) => {
    if (!before?.old_webhook_secret_ending) throw new NotFound();
    const none = { old_webhook_secret: null, old_webhook_secret_ending: null };
    await db('stripe_keys').where({ organization_id }).update(none);
    const change = { field: 'webhook_secret', before: before.old_webhook_secret_ending, after: null };
    return { action: 'change_stripe', changes: [change] };
  });

/** Turns online payment through Stripe off. @throws NotAllowed; NotFound if it is off */
export const removeStripeKeys = (db: Knex, authority: Authority): Promise<void> =>
  changing(db, authority, async (db, organization_id, before) => {
    if (!before) throw new NotFound();
    await db('stripe_keys').where({ organization_id }).del();
    await db('organizations').where({ id: organization_id, gateway: 'stripe' }).update({ gateway: null });
    return { action: 'disconnect_stripe', changes: changesOf(before, {}) };
  });

interface KeysRow extends StripeKeysShown {
  webhook_secret: Buffer;
}

interface Change {
  action: 'connect_stripe' | 'change_stripe' | 'disconnect_stripe';
  changes: ProfileChange[];
}

/** Only the system sees the keys. */
const changing = (
  db: Knex,
  authority: Authority,
  work: (db: Knex.Transaction, organization_id: string, before: KeysRow | undefined) => Promise<Change>,
): Promise<void> =>
  changingPayment(db, authority, async (db, { organization_id }) => {
    const changed = await actingAs(db, systemActor(organization_id), async () =>
      work(db, organization_id, await db('stripe_keys').where({ organization_id }).first()),
    );
    return { ...changed, logged: 'payment_keys_changed' };
  });

/** Another account than before, or its other mode; the first is another, too. */
const isOther = (before: KeysRow | undefined, known: KnownAccount | null): boolean =>
  !before || (known !== null && (known.account !== before.account || known.livemode !== before.livemode));

function requireBoth(before: KeysRow | undefined, moved: boolean, { secret_key, webhook_secret }: TypedStripeKeys) {
  if (!before && !secret_key) throw new Invalid({ secret_key: 'Fill this in.' });
  if (moved && !webhook_secret)
    throw new Invalid({ webhook_secret: 'Enter the signing secret that belongs to this key.' });
  if (!secret_key && !webhook_secret) throw new Invalid({ form: 'Enter what you’d like to change.' });
}

const secretColumns = (secrets: readonly string[], organization_id: string, { secret_key: key }: TypedStripeKeys) =>
  key ? { secret_key: sealedKey(secrets, organization_id, 'secret_key', key), secret_key_ending: endingOf(key) } : {};

const webhookColumns = (
  secrets: readonly string[],
  organization_id: string,
  { webhook_secret: secret }: TypedStripeKeys,
  before: KeysRow | undefined,
) =>
  secret
    ? {
        webhook_secret: sealedKey(secrets, organization_id, 'webhook_secret', secret),
        webhook_secret_ending: endingOf(secret),
        old_webhook_secret: before?.webhook_secret ?? null,
        old_webhook_secret_ending: before?.webhook_secret_ending ?? null,
      }
    : {};

/** "sk_live_•••• 4F9a". */
const endingOf = (key: string) => `${key.slice(0, key.lastIndexOf('_') + 1)}•••• ${key.slice(-4)}`;

type Endings = Partial<Pick<StripeKeysShown, 'secret_key_ending' | 'webhook_secret_ending'>>;

function changesOf(before: Endings = {}, after: Endings): ProfileChange[] {
  const change = (field: string, was: string | undefined, is: string | undefined) =>
    was === is ? [] : [{ field, before: was ?? null, after: is ?? null }];
  return [
    ...change('secret_key', before.secret_key_ending, after.secret_key_ending),
    ...change('webhook_secret', before.webhook_secret_ending, after.webhook_secret_ending),
  ];
}
