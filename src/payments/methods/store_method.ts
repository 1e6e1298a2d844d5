import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { retry, systemActor, withActor } from '../../db/scope.js';
import type { StoredMethod } from '../gateways/gateway.js';
import { EXPIRED } from './stored_methods.js';
import { tellPayers } from './tell_payers.js';

/** How a method came to be stored: while a payment was made with it, or on a form of its own. */
type StoredBy = { payment_id: string } | { setup_id: string };

interface Origin {
  partner_id: string;
  person_id: string | null;
  gateway: string;
}

/**
 * Keeps how to name a method that a gateway stored for a partner; all of them who may pay are told. Gateways tell things
 * twice: what is stored already stays as it is, and the same card again takes the place of its former reference.
 * Returns whether it is new. `now`: in the sample companies' past.
 */
export const storeMethod = (
  db: Knex,
  organization_id: string,
  by: StoredBy,
  stored: StoredMethod,
  now?: Date,
): Promise<boolean> =>
  retry(() =>
    withActor(db, systemActor(organization_id, null, now), async (db) => {
      const origin = await findOrigin(db, organization_id, by);
      if (!origin?.person_id) return false;
      const { partner_id, person_id, gateway } = origin;
      const owner = { organization_id, partner_id, gateway };
      const partner = await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('name');
      if (await isKnown(db, owner, stored)) return false;
      const is_default = await needsDefault(db, owner);
      const row = { ...owner, ...stored, id: newId(), person_id, is_default };
      await db('payment_methods').insert(row);
      const { method, brand, last_four } = stored;
      const details = { name: partner.name, method, brand, last_four };
      const actor = systemActor(organization_id, person_id, now);
      await tellPayers(db, await record(db, actor, { action: 'store_method', partner_id, details }));
      return true;
    }),
  );

const findOrigin = (db: Knex.Transaction, organization_id: string, by: StoredBy): Promise<Origin | undefined> =>
  ('payment_id' in by
    ? db('payments').where({ organization_id, id: by.payment_id })
    : db('method_setups').where({ organization_id, id: by.setup_id })
  ).first('partner_id', 'person_id', 'gateway');

/** Whether none is chosen first, or one that has expired, which then gives way. */
async function needsDefault(db: Knex.Transaction, { organization_id, partner_id }: Owner): Promise<boolean> {
  const current = db('payment_methods as m').where({ organization_id, partner_id, removed_at: null, is_default: true });
  const found = await current.first('m.id', db.raw(`${EXPIRED} as expired`));
  if (found?.expired)
    await db('payment_methods').where({ organization_id, id: found.id }).update({ is_default: false });
  return !found || found.expired;
}

interface Owner {
  organization_id: string;
  partner_id: string;
  gateway: string;
}

async function isKnown(db: Knex.Transaction, owner: Owner, { reference, ...looks }: StoredMethod): Promise<boolean> {
  const { organization_id, gateway } = owner;
  if (await db('payment_methods').where({ organization_id, gateway, reference }).first('id')) return true;
  return (
    (await db('payment_methods')
      .where({ ...owner, ...looks, removed_at: null })
      .update({ reference })) > 0
  );
}
