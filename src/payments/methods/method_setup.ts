import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, actingAs, queryPrepared, systemActor, withActor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';
import type { Checkout } from '../gateways/checkout.js';
import type { GatewayCustomer } from '../gateways/gateway.js';
import { type Offer, offeredMethods, offerTo } from './offered_methods.js';

/** Begins to store a method without a payment. Returns the attempt's id. @throws NotFound, NotAllowed, Conflict */
export const startSetup = (db: Knex, actor: Actor, method: string): Promise<string> =>
  withActor(db, actor, async (db) => {
    const { organization_id, partner_id, person_id } = actor;
    if (!organization_id || !partner_id || !person_id) throw new NotFound();
    requireMay(actor, { permits: 'paying' });
    return actingAs(db, systemActor(organization_id, person_id, actor.now), async () => {
      const { text, values = [] } = offerTo(organization_id, partner_id);
      const offers = await queryPrepared<Offer>(db, text, values);
      if (!offeredMethods(offers).includes(method)) throw new Conflict('This way to pay isn’t offered here.');
      const id = newId();
      const setup = { organization_id, id, partner_id, person_id, gateway: offers[0]?.gateway, method };
      await db('method_setups').insert(setup);
      return id;
    });
  });

/** The gateway's page for it, asked outside of a transaction. It leads back to `path`. @throws GatewayUnavailable */
export async function openSetup(
  { db, gateways, base_url }: Checkout,
  organization_id: string,
  id: string,
  path: string,
): Promise<string> {
  const setup = await withActor(db.knex, systemActor(organization_id), async (db) => {
    const { rows } = await db.raw(SETUP, { organization_id, id });
    return rows[0];
  });
  if (!setup) throw new NotFound();
  const { gateway, method, ...found } = setup;
  const customer: GatewayCustomer = found;
  const return_url = `${base_url}${path}`;
  return (await gateways(gateway).store(id, organization_id, customer, return_url, method)).url;
}

const SETUP = `select s.partner_id, s.gateway, s.method, c.name, w.email
  from method_setups s
    join partners c on c.organization_id = s.organization_id and c.id = s.partner_id
    join people w on w.organization_id = s.organization_id and w.id = s.person_id
  where s.organization_id = :organization_id and s.id = :id`;
