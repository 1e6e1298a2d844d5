import { act } from '../../src/act.js';
import { createSubscription } from '../../src/subscriptions/create_subscription.js';
import type { Harbor } from './harbor.js';
import type { Portal } from './portal.js';

/** A monthly plan of Maya's at 100.00 and 8 % tax, unless said otherwise; as a form has it. */
export const plan = (
  home: Harbor,
  { content = {}, ...fields }: { content?: object; [name: string]: unknown } = {},
) => ({
  content: {
    title: 'Garden care',
    lines: [{ description: 'Garden care', unit_price: '100.00', tax_rate: '8' }],
    recipients: [home.maya.id],
    ...content,
  },
  every: 1,
  unit: 'month',
  start_on: '2031-01-31',
  terms_days: 14,
  sends: true,
  ...fields,
});

export interface Started {
  id: string;
  number: string;
  url: string;
}

/** A subscription that was started at `now`. */
export async function startedSubscription(
  { knex }: Pick<Portal, 'knex'>,
  home: Harbor,
  fields: Parameters<typeof plan>[1] = {},
  now = new Date('2031-01-15T12:00:00Z'),
): Promise<Started> {
  const staff = { ...home.staff, now };
  const id = await createSubscription(knex, staff, home.partner_id, plan(home, fields));
  const { number } = await act(knex, staff, id, 'start');
  return { id, number: String(number), url: `/${home.slug}/subscriptions/${number}` };
}
