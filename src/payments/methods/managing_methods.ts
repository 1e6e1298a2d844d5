import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, actingAs, retry, systemActor, withActor } from '../../db/scope.js';
import { addJob } from '../../db/jobs.js';
import { Conflict, NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';
import { EXPIRED } from './stored_methods.js';
import { tellPayers } from './tell_payers.js';

/** A stored method that is being changed: all of its partner are locked. */
interface ChangedMethod {
  organization_id: string;
  partner_id: string;
  id: string;
  method: string;
  brand: string;
  last_four: string;
  is_default: boolean;
  expired: boolean;
  /** The partner's name. */
  name: string;
}

/** Has a stored method chosen first. @throws NotFound for another partner's, NotAllowed, Conflict if it has expired */
export const makeDefault = (db: Knex, actor: Actor, id: string): Promise<void> =>
  changingMethod(db, actor, id, async (db, stored) => {
    if (stored.expired) throw new Conflict('This card has expired.');
    if (stored.is_default) return;
    await setDefault(db, stored, stored.id);
    await recordChange(db, actor, stored, 'default_method');
  });

/**
 * Forgets a stored method, at the gateway, too; what is charged to it already stays. Another becomes the default.
 * @throws NotFound for another partner's, NotAllowed
 */
export const removeMethod = (db: Knex, actor: Actor, id: string): Promise<void> =>
  changingMethod(db, actor, id, async (db, stored) => {
    await markRemoved(db, stored);
    await tellPayers(db, await recordChange(db, actor, stored, 'remove_method'));
    await addJob(db, 'forget_method', { organization_id: stored.organization_id, method_id: id });
  });

/**
 * Removes a method that its gateway has detached from its payer, and can't charge any more. Told again, or of one that
 * was removed here, it changes nothing. Returns whether it was still stored.
 */
export const removeDetached = (
  db: Knex,
  organization_id: string,
  gateway: string,
  reference: string,
): Promise<boolean> =>
  retry(() =>
    withActor(db, systemActor(organization_id), async (db) => {
      const which = { gateway, reference };
      const owner = await db('payment_methods')
        .where({ organization_id, ...which })
        .first('partner_id');
      const stored = owner && (await lockMethod(db, organization_id, owner.partner_id, which));
      if (!stored) return false;
      await markRemoved(db, stored);
      await tellPayers(db, await recordChange(db, systemActor(organization_id), stored, 'detach_method'));
      return true;
    }),
  );

/**
 * Removes what was stored at other gateways, or at another account of this one, which can't charge it. As the system, in
 * the name of who changed that.
 */
export async function removeOfOthers(
  db: Knex.Transaction,
  actor: Actor,
  { organization_id, gateway, account }: { organization_id: string; gateway: string; account: string },
): Promise<void> {
  const left: { partner_id: string; id: string }[] = await db('payment_methods')
    .where({ organization_id, removed_at: null })
    .whereRaw('(gateway, account) <> (?, ?)', [gateway, account])
    .orderBy(['partner_id', 'id'])
    .select('partner_id', 'id');
  for (const { partner_id, id } of left) {
    const stored = await lockMethod(db, organization_id, partner_id, { id });
    if (!stored) continue;
    await markRemoved(db, stored);
    await tellPayers(db, await recordChange(db, actor, stored, 'remove_method'));
  }
}

/** Works as the system, since partners only read; whose it is was found by what this actor sees. */
const changingMethod = (
  db: Knex,
  actor: Actor,
  id: string,
  work: (db: Knex.Transaction, stored: ChangedMethod) => Promise<void>,
): Promise<void> =>
  withActor(db, actor, async (db) => {
    const { organization_id, partner_id, person_id } = actor;
    if (!organization_id || !partner_id) throw new NotFound();
    requireMay(actor, { permits: 'paying' });
    await actingAs(db, systemActor(organization_id, person_id, actor.now), async () => {
      const stored = await lockMethod(db, organization_id, partner_id, { id });
      if (!stored) throw new NotFound();
      await work(db, stored);
    });
  });

/** One of a partner's methods, if it is still stored. */
async function lockMethod(
  db: Knex.Transaction,
  organization_id: string,
  partner_id: string,
  which: { id: string } | { gateway: string; reference: string },
): Promise<ChangedMethod | null> {
  const partner = await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('name');
  const stored = await db('payment_methods as m')
    .where({ organization_id, partner_id, removed_at: null, ...which })
    .first('m.*', db.raw(`${EXPIRED} as expired`));
  return partner && stored ? { ...stored, name: partner.name } : null;
}

/** What is charged by it automatically ends with it. */
async function markRemoved(db: Knex.Transaction, stored: ChangedMethod): Promise<void> {
  await addJob(db, 'run_charges', {});
  const { organization_id, id, is_default } = stored;
  await db('payment_methods')
    .where({ organization_id, id })
    .update({ removed_at: db.raw('app_now()'), is_default: false });
  if (is_default) await setDefault(db, stored, await nextDefault(db, stored));
}

const nextDefault = (db: Knex.Transaction, { organization_id, partner_id }: ChangedMethod): Promise<string | null> =>
  db('payment_methods as m')
    .where({ 'm.organization_id': organization_id, 'm.partner_id': partner_id, 'm.removed_at': null })
    .whereRaw(`not ${EXPIRED}`)
    .orderBy('m.id', 'desc')
    .first('m.id')
    .then((next: { id: string } | undefined) => next?.id ?? null);

async function setDefault(
  db: Knex.Transaction,
  { organization_id, partner_id }: ChangedMethod,
  id: string | null,
): Promise<void> {
  // What was removed is none, which the index has by partner.
  const current = { organization_id, partner_id, removed_at: null, is_default: true };
  await db('payment_methods').where(current).update({ is_default: false });
  if (id) await db('payment_methods').where({ organization_id, id }).update({ is_default: true });
}

const recordChange = (db: Knex.Transaction, actor: Actor, stored: ChangedMethod, action: string) => {
  const { partner_id, name, method, brand, last_four } = stored;
  return record(db, actor, { action, partner_id, details: { name, method, brand, last_four } });
};
