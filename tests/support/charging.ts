import { randomUUID } from 'node:crypto';
import { act } from '../../src/act.js';
import { storeMethod } from '../../src/payments/methods/store_method.js';
import { type Harbor, partnerActor } from './harbor.js';
import type { Portal } from './portal.js';
import type { Started } from './subscriptions.js';

/** What a stored test card does when it is charged. */
type Outcome = 'card_ok' | 'card_declined' | 'card_to_confirm';

/** A card that Maya stored at the sandbox. Returns its id. */
export const storedCard = (
  portal: Pick<Portal, 'look'>,
  { organization_id, partner_id, maya }: Pick<Harbor, 'organization_id' | 'partner_id'> & { maya: { id: string } },
  outcome: Outcome = 'card_ok',
  expires = '2039-01',
): Promise<string> =>
  portal.look(organization_id, async (db) => {
    const [setup_id, reference] = [randomUUID(), `${outcome}:${randomUUID()}`];
    const setup = { organization_id, id: setup_id, partner_id, person_id: maya.id };
    await db('method_setups').insert({ ...setup, gateway: 'sandbox', method: 'card' });
    const shown = { method: 'card', brand: 'Visa', last_four: '4242', expires };
    await storeMethod(db, organization_id, { setup_id }, { ...shown, reference });
    return (await db('payment_methods').where({ organization_id, reference }).first('id')).id as string;
  });

/** Maya lets a subscription be charged: up to 200.00, three days after its invoices. */
export const agree = (
  { knex }: Pick<Portal, 'knex'>,
  home: Harbor,
  { id }: Pick<Started, 'id'>,
  method: string,
  more: object = {},
  now = new Date('2031-01-15T12:00:00Z'),
) =>
  act(knex, { ...partnerActor(home, home.maya), now }, id, 'agree_charging', {
    ...{ method, limit: 20_000, notice_days: 3 },
    ...more,
  });
