import { act } from '../../../src/act.js';
import { systemActor } from '../../../src/db/scope.js';
import { actorAt, entry, type Stage } from '../../../src/demo/story/stage.js';
import { runCharges } from '../../../src/jobs/charging/run_charges.js';
import { createSubscription } from '../../../src/subscriptions/create_subscription.js';
import { storedCard } from '../charging.js';
import { seenOn } from '../forms.js';
import type { Portal } from '../portal.js';
import type { Scene } from './correspondence.js';
import type { PlanLog } from './plan_log.js';

const PLAN = {
  content: { title: 'Care', lines: [{ description: 'Care', unit_price: '100' }] },
  ...{ every: 1, unit: 'month', start_on: '2031-01-01', terms_days: 14 },
};

/** What the clock does to a subscription in the course of its life, by day; and what staff do. */
const LIFE: [day: string, name: string, input?: object][] = [
  ['2031-01-24', 'remind_trial'],
  ['2031-01-25', 'fail', { cause: 'A mistake' }],
  ['2031-02-01', 'bill_period'],
  ['2031-02-05', 'pause', { from_on: '2031-02-10', until_on: '2031-02-20' }],
  ['2031-02-10', 'begin_pause'],
  ['2031-02-21', 'end_pause'],
  ...['2031-03-01', '2031-04-01', '2031-05-01'].map((day): [string, string] => [day, 'bill_period']),
  ['2031-06-01', 'remind_end'],
  ['2031-06-01', 'bill_period'],
  ['2031-06-16', 'end'],
];

/** A subscription from its trial to its end, and one whose invoices stay drafts. */
export async function playSubscriptions(portal: Portal, log: PlanLog, stage: Stage): Promise<void> {
  const { knex } = portal;
  const { organization_id, partners } = stage;
  const at = (day: string) => new Date(`${day}T17:00:00Z`);
  const olivia = (day: string) => actorAt(stage, 'olivia', at(day));
  const clock = (day: string) => systemActor(organization_id, null, at(day));
  const begin = async (more: object) => {
    log.doing = 'start a subscription';
    const content = { ...PLAN.content, recipients: [actorAt(stage, 'maya', new Date()).person_id] };
    const input = { ...PLAN, ...more, content };
    const id = await createSubscription(knex, olivia('2031-01-01'), entry(partners, 'maple'), input);
    await act(knex, olivia('2031-01-01'), id, 'start');
    return id;
  };
  const id = await begin({ sends: true, trial_until: '2031-01-31', ends_on: '2031-06-15' });
  for (const [day, name, input] of LIFE) {
    log.doing = `${name} of a subscription`;
    await act(knex, name === 'pause' ? olivia(day) : clock(day), id, name, { ...input });
  }
  const draft = await begin({ sends: false });
  await playCharges(portal, log, stage, begin);
  log.doing = 'draft_period of a subscription';
  await act(knex, clock('2031-01-01'), draft, 'draft_period');
}

/** One that is charged automatically, until its customer turns that off. */
async function playCharges(
  portal: Portal,
  log: PlanLog,
  stage: Stage,
  begin: (more: object) => Promise<string>,
): Promise<void> {
  const { knex } = portal;
  const { organization_id, partners } = stage;
  const at = (day: string) => new Date(`${day}T17:00:00Z`);
  const maya = (day: string) => actorAt(stage, 'maya', at(day));
  const clock = (day: string) => systemActor(organization_id, null, at(day));
  log.doing = 'store a card';
  const maple = {
    organization_id,
    partner_id: entry(partners, 'maple'),
    maya: { id: maya('2031-01-01').person_id ?? '' },
  };
  const method = await storedCard(portal, maple);
  const id = await begin({ sends: true });
  for (const limit of [100_000, 200_000]) {
    log.doing = 'agree_charging of a subscription';
    await act(knex, maya('2031-01-01'), id, 'agree_charging', { method, limit, notice_days: 3 });
  }
  for (const day of ['2031-01-01', '2031-01-20', '2031-02-01']) {
    log.doing = 'charge a subscription';
    if (day.endsWith('01')) await act(knex, clock(day), id, 'bill_period');
    await runCharges(knex, at(day));
  }
  const payment = await portal.look(organization_id, (db) =>
    db('charge_attempts').orderBy('payment_id', 'desc').first(),
  );
  log.doing = 'failed of a charge';
  await act(knex, clock('2031-02-01'), payment.document_id, 'failed', { payment: payment.payment_id });
  log.doing = 'stop_charge of a charge';
  await act(knex, clock('2031-02-01'), payment.document_id, 'stop_charge', { cause: 'method' });
  log.doing = 'end_charging of a subscription';
  await act(knex, maya('2031-02-02'), id, 'end_charging');
  log.doing = 'lose_charging of a subscription';
  await act(knex, maya('2031-02-02'), id, 'agree_charging', { method, limit: 100_000, notice_days: 3 });
  await act(knex, clock('2031-02-02'), id, 'lose_charging', { cause: 'removed' });
}

const FORM = {
  ...{ title: 'Care', 'line_description[]': 'Care', 'line_quantity[]': '1', 'line_price[]': '100' },
  ...{ every: '1', unit: 'month', start_on: '2032-01-01', terms_days: '14', sends: 'on' },
};

/** What both sides do with one by its forms. */
export async function manageSubscriptions({ olivia, maya, place: { slug, customer, contact } }: Scene): Promise<void> {
  const form = { ...FORM, partner: customer, 'recipient[]': contact };
  const made = await olivia.post(`/${slug}/subscriptions`, form);
  const url = (made.headers.get('location') ?? '').split('?')[0] ?? '';
  await maya.post(`${url}/view`);
  await olivia.head(`${url}/live`);
  await olivia.post(`${url}/comment`, { text: 'Welcome', audience: 'shared' });
  const decide = async (who: typeof olivia, name: string, fields: Record<string, string> = {}) =>
    who.post(`${url}/${name}`, { seen: seenOn({ text: await (await who.get(url)).text() }), ...fields });
  await decide(maya, 'ask_change', { message: 'More, please.' });
  await decide(maya, 'withdraw_request');
  await decide(maya, 'ask_cancel', { message: 'No more.' });
  await decide(olivia, 'decline_request', { message: 'Later.' });
  await decide(olivia, 'change', { ...form, 'line_price[]': '120', prorate: 'on' });
  await decide(olivia, 'pause', { from_on: '2033-01-01' });
  await decide(olivia, 'resume');
  await decide(olivia, 'cancel', { at_once: 'on' });
}
