import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { Invalid } from '../../src/errors.js';
import { runSubscriptions } from '../../src/jobs/subscriptions/run_subscriptions.js';
import { createSubscription } from '../../src/subscriptions/create_subscription.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { plan, type Started, startedSubscription } from '../support/subscriptions.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
async function run(day: string) {
  await portal.idle();
  await runSubscriptions(portal.knex, noon(day));
}

const start = (day: string, fields: Parameters<typeof plan>[1] = {}) =>
  startedSubscription(portal, home, { start_on: day, ...fields }, noon(day));

/** What staff do on a day. */
const staffAct = ({ id }: Started, day: string, name: string, input: object = {}) =>
  act(portal.knex, { ...home.staff, now: noon(day) }, id, name, { ...input });

const row = ({ id }: Started) => portal.look(home.organization_id, (db) => db('subscriptions').where({ id }).first());

/** The periods that were invoiced, each with the amounts of its invoice's lines. */
const invoiced = ({ id }: Started): Promise<string[]> =>
  portal.look(home.organization_id, async (db) => {
    const periods = await db('subscription_periods').where({ subscription_id: id }).orderBy('period');
    const lines = await db('lines').orderBy('position');
    return periods.map(({ from_on, charged_until, document_id }) => {
      const amounts = lines.filter((line) => line.document_id === document_id).map(({ amount }) => amount);
      return `${from_on} ${charged_until} ${amounts.join(' ')}`;
    });
  });

const costing = (unit_price: string) => ({ lines: [{ description: 'Garden care', unit_price, tax_rate: '8' }] });

test('another interval begins with the next period: its price is none of the one that runs, there and back', async () => {
  const subscription = await start('2031-06-01');
  await run('2031-06-01');
  const yearly = { ...plan(home, { content: costing('1000') }), unit: 'year', prorate: true };
  await staffAct(subscription, '2031-06-11', 'change', yearly);
  await run('2031-07-01');
  const monthly = { ...plan(home, { content: costing('90') }), prorate: true };
  await staffAct(subscription, '2031-07-11', 'change', monthly);
  await run('2032-07-01');
  assert.deepEqual(await invoiced(subscription), [
    ...['2031-06-01 2031-06-30 10000', '2031-07-01 2032-06-30 100000', '2032-07-01 2032-07-31 9000'],
  ]);
  await staffAct(subscription, '2032-07-01', 'cancel', { at_once: true });
});

test('a last day within an invoiced period is settled wherever it moves; what is credited was charged', async () => {
  const fields = { content: costing('300') };
  const subscription = await start('2032-06-01', { ...fields, ends_on: '2032-06-15' });
  await run('2032-06-01');
  assert.deepEqual(await invoiced(subscription), ['2032-06-01 2032-06-15 30000 -15000']);
  const amounts = async (day: string, ends_on?: string, unit_price = '300') => {
    const changed = { ...plan(home, { content: costing(unit_price) }), prorate: true, ...(ends_on ? { ends_on } : {}) };
    await staffAct(subscription, day, 'change', changed);
    const { adjustments } = await row(subscription);
    return adjustments.map(({ reason, amount }: { reason: string; amount: number }) => `${reason} ${amount}`);
  };
  assert.deepEqual(await amounts('2032-06-02', '2032-06-15'), []);
  assert.deepEqual(await amounts('2032-06-03', '2032-06-20'), ['more 5000']);
  assert.deepEqual(await amounts('2032-06-03', '2032-06-10'), ['more 5000', 'end -10000']);
  assert.deepEqual(await amounts('2032-06-04'), ['more 5000', 'end -10000', 'more 20000']);
  const cut = ['more 5000', 'end -10000', 'more 20000', 'end -18000'];
  assert.deepEqual(await amounts('2032-06-05', '2032-06-12'), cut);
  // Seven days that are left, at 30 a day more.
  assert.deepEqual(await amounts('2032-06-06', '2032-06-12', '1200'), [...cut, 'price 21000']);
  await assert.rejects(amounts('2032-06-06', '2032-06-05'), /later day/);
  // It doesn't go on to the end of the period, and of the five days charged for 40 each two are left.
  await staffAct(subscription, '2032-06-10', 'cancel');
  assert.equal((await row(subscription)).ends_on, '2032-06-12');
  await staffAct(subscription, '2032-06-10', 'cancel', { at_once: true, credit: true });
  const last = await portal.look(home.organization_id, (db) => db('documents').orderBy('id', 'desc').first());
  assert.deepEqual([last.type, last.subtotal], ['invoice', 5000 - 10_000 + 20_000 - 18_000 + 21_000 - 8000]);
});

test('cancelled before it begins, nothing is ever invoiced', async () => {
  const subscription = await startedSubscription(portal, home, { start_on: '2033-01-31' }, noon('2033-01-15'));
  await staffAct(subscription, '2033-01-15', 'cancel');
  assert.equal((await row(subscription)).state, 'ended');
  await run('2033-02-28');
  assert.deepEqual(await invoiced(subscription), []);
});

test('a period that began and can’t be invoiced yet stays due, whatever is paused, resumed or cancelled', async () => {
  const { organization_id, maya } = home;
  const [resumed, mended, paused, cancelled] = [
    ...[await start('2034-01-01'), await start('2034-01-01'), await start('2034-01-01'), await start('2034-01-01')],
  ] as const;
  const all = [resumed, mended, paused, cancelled].map(({ id }) => id);
  const on = (id: string) => ({ organization_id, subject_id: id, person_id: maya.id });
  const mend = (...ids: string[]) =>
    portal.look(organization_id, (db) => db('participants').insert(ids.map((id) => on(id))));
  await portal.look(organization_id, (db) => db('participants').whereIn('subject_id', all).delete());
  await run('2034-01-02');
  for (const one of [resumed, mended, paused]) await staffAct(one, '2034-01-10', 'pause', { from_on: '2034-01-10' });
  await staffAct(paused, '2034-01-15', 'cancel');
  await staffAct(cancelled, '2034-01-15', 'cancel');
  await mend(mended.id);
  await run('2034-02-10');
  assert.deepEqual([await invoiced(mended), (await row(mended)).state], [['2034-01-01 2034-01-31 10000'], 'paused']);
  await staffAct(resumed, '2034-03-10', 'resume');
  await mend(resumed.id, paused.id, cancelled.id);
  await run('2034-04-01');
  assert.deepEqual(await invoiced(resumed), ['2034-01-01 2034-01-31 10000', '2034-04-01 2034-04-30 10000']);
  for (const one of [paused, cancelled]) {
    assert.deepEqual(await invoiced(one), ['2034-01-01 2034-01-31 10000']);
    assert.equal((await row(one)).state, 'ended');
  }
  for (const one of [resumed, mended]) await staffAct(one, '2034-04-01', 'cancel', { at_once: true });
});

test('no start lies more than one interval back; a plan takes no more than its form edits', async () => {
  const create = (fields: Parameters<typeof plan>[1]) =>
    createSubscription(portal.knex, { ...home.staff, now: noon('2035-06-15') }, home.partner_id, plan(home, fields));
  const tooEarly = (error: unknown) => error instanceof Invalid && Boolean(error.fields['start_on']);
  await assert.rejects(create({ start_on: '2015-06-15' }), tooEarly);
  await assert.rejects(create({ start_on: '2035-05-14' }), tooEarly);
  const line = { ...costing('100').lines[0], discount_percent: '50', group_name: 'A', delivery_on: '2035-07-01' };
  const id = await create({ start_on: '2035-05-15', content: { lines: [line] } });
  const [{ total, lines }] = await portal.look(home.organization_id, (db) => db('subscriptions').where({ id }));
  assert.deepEqual([total, lines[0].group_name, lines[0].delivery_on], [10_800, '', null]);
});

test('of two who edit a plan the second is asked to look again; a last day before the start is refused', async () => {
  const { url } = await startedSubscription(portal, home, { start_on: '2036-03-01' }, new Date());
  const olivia = await portal.signIn(home.olivia.email);
  const fields = {
    ...{ title: 'Garden care', 'line_description[]': ['Garden care'], 'line_price[]': ['100'], 'line_tax[]': ['8'] },
    ...{ 'line_quantity[]': ['1'], every: '1', unit: 'month', terms_days: '14', sends: 'on' },
  };
  const seenNow = async () => /name="seen" value="(\w+)"/.exec((await olivia.get(`${url}/edit`).expect(200)).text)?.[1];
  const change = (more: object) =>
    olivia
      .post(`${url}/change`)
      .type('form')
      .send({ ...fields, 'recipient[]': [home.maya.id], ...more });
  await change({}).expect(422, /Open the page again/);
  await change({ seen: await seenNow(), ends_on: '2036-02-01' }).expect(422, /It can’t end before it begins/);
  const both = [home.maya.id, home.noah.id];
  for (const edit of [{ reference: 'PO 7' }, { 'recipient[]': both }, { terms_days: '30' }, { note: 'Hello' }]) {
    const seen = await seenNow();
    await change({ ...edit, seen }).expect(303);
    await change({ title: 'Another', seen }).expect(409);
  }
});
