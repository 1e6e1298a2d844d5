import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { runSubscriptions } from '../../src/jobs/subscriptions/run_subscriptions.js';
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
/** What is locked by a job under way is left to the next run: here, nothing is. */
async function run(day: string) {
  await portal.idle();
  await runSubscriptions(portal.knex, noon(day));
}

interface Made {
  from_on: string;
  until_on: string;
  state: string;
  number: string | null;
  issued_on: string;
  due_on: string;
  title: string;
  total: number;
  document_id: string;
}

/** The invoices of a subscription, in order. */
const invoices = ({ id }: Pick<Started, 'id'>, { organization_id } = home): Promise<Made[]> =>
  portal.look(organization_id, (db) =>
    db('subscription_periods as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .where({ subscription_id: id })
      .orderBy('period')
      .select('x.*', 'd.state', 'd.number', 'd.issued_on', 'd.due_on', 'd.title', 'd.total'),
  );

/** No more of it is invoiced when a later test goes on in time. */
const over = ({ id }: Started, day: string, { staff } = home) =>
  act(portal.knex, { ...staff, now: noon(day) }, id, 'cancel', { at_once: true });

const row = ({ id }: Pick<Started, 'id'>) =>
  portal.look(home.organization_id, (db) => db('subscriptions').where({ id }).first());

const linesOf = (document_id: string): Promise<{ description: string; amount: number }[]> =>
  portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id }).orderBy('position').select('description', 'amount'),
  );

test('each period is invoiced once, on its own day, and after weeks of standstill in its order', async () => {
  const monthly = await startedSubscription(portal, home);
  await run('2031-01-30');
  assert.deepEqual(await invoices(monthly), []);
  await run('2031-01-31');
  await run('2031-01-31');
  const [first] = await invoices(monthly);
  assert.deepEqual(
    [first?.state, first?.issued_on, first?.due_on, first?.total, first?.title],
    ['sent', '2031-01-31', '2031-02-14', 10_800, `Garden care (${monthly.number}), Jan 31, 2031 – Feb 27, 2031`],
  );
  await run('2031-05-01');
  const all = await invoices(monthly);
  assert.deepEqual(
    all.map(({ from_on, until_on }) => `${from_on} ${until_on}`),
    [...['2031-01-31 2031-02-27', '2031-02-28 2031-03-30', '2031-03-31 2031-04-29', '2031-04-30 2031-05-30']],
  );
  const numbers = all.map(({ number }) => number ?? '');
  assert.deepEqual(
    numbers.toSorted((a, b) => a.localeCompare(b)),
    numbers,
  );
  assert.deepEqual([all[1]?.issued_on, new Set(all.map(({ number }) => number)).size], ['2031-05-01', 4]);
  await over(monthly, '2031-05-01');
});

test('the day is the organization’s, also when its clocks change', async () => {
  const away = await harbor(portal);
  await portal.look(away.organization_id, (db) => db('organizations').update({ time_zone: 'America/New_York' }));
  // Clocks go forward on March 9, 2031, at two in the morning.
  const daily = await startedSubscription(portal, away, { unit: 'day', start_on: '2031-03-08' }, noon('2031-03-01'));
  const days = async (moment: string) => {
    await runSubscriptions(portal.knex, new Date(moment));
    return (await invoices(daily, away)).map(({ from_on }) => from_on);
  };
  assert.deepEqual(await days('2031-03-08T13:59:00Z'), []);
  assert.deepEqual(await days('2031-03-08T14:01:00Z'), ['2031-03-08']);
  assert.deepEqual(await days('2031-03-09T12:59:00Z'), ['2031-03-08']);
  assert.deepEqual(await days('2031-03-09T13:01:00Z'), ['2031-03-08', '2031-03-09']);
  assert.deepEqual(await days('2031-03-10T03:59:00Z'), ['2031-03-08', '2031-03-09']);
  await over(daily, '2031-03-10', away);
});

test('two workers at once, and one that was killed, make each invoice once', async () => {
  const weekly = await startedSubscription(portal, home, { unit: 'week', start_on: '2031-01-20' });
  const killed = portal.knex.transaction(async (db) => {
    await act(db, { ...home.staff, side: 'system', now: noon('2031-01-20') }, weekly.id, 'bill_period');
    throw new Error('killed');
  });
  await assert.rejects(killed, /killed/);
  assert.deepEqual(await invoices(weekly), []);
  const at = { ...home.staff, side: 'system' as const, now: noon('2031-02-10') };
  await Promise.all([
    run('2031-02-10'),
    run('2031-02-10'),
    act(portal.knex, at, weekly.id, 'bill_period').catch(() => {}),
  ]);
  await run('2031-02-10');
  assert.deepEqual(
    (await invoices(weekly)).map(({ from_on }) => from_on),
    ['2031-01-20', '2031-01-27', '2031-02-03', '2031-02-10'],
  );
  await over(weekly, '2031-02-10');
});

test('a trial costs nothing, its end is announced; a pause skips what begins in it; the last period is cut', async () => {
  const trial = { start_on: '2031-01-16', trial_until: '2031-01-31', ends_on: '2031-05-15' };
  const subscription = await startedSubscription(portal, home, trial);
  assert.equal((await row(subscription)).state, 'trial');
  await run('2031-01-24');
  const told = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: subscription.id, action: 'remind_trial' }),
  );
  assert.deepEqual([told.length, (await invoices(subscription)).length], [1, 0]);
  await run('2031-02-01');
  assert.equal((await row(subscription)).state, 'active');
  const staff = { ...home.staff, now: noon('2031-02-10') };
  await assert.rejects(act(portal.knex, staff, subscription.id, 'pause', { from_on: '2031-02-09' }), /later day/);
  await act(portal.knex, staff, subscription.id, 'pause', { from_on: '2031-02-20', until_on: '2031-03-20' });
  await run('2031-03-05');
  assert.equal((await row(subscription)).state, 'paused');
  await run('2031-06-01');
  assert.deepEqual(
    (await invoices(subscription)).map(({ from_on, total }) => `${from_on} ${total}`),
    ['2031-02-01 10800', '2031-04-01 10800', '2031-05-01 5226'],
  );
  const { state, paused_from } = await row(subscription);
  assert.deepEqual([state, paused_from], ['ended', null]);
});

test('another price within a period is settled by the day with the next invoice; what is left at the end is credited', async () => {
  const subscription = await startedSubscription(portal, home, { start_on: '2031-06-01' }, noon('2031-06-01'));
  await run('2031-06-01');
  const change = (unit_price: string, day: string, more: object = {}) =>
    act(portal.knex, { ...home.staff, now: noon(day) }, subscription.id, 'change', {
      ...plan(home, { content: { lines: [{ description: 'Garden care', unit_price, tax_rate: '8' }] } }),
      prorate: true,
      ...more,
    });
  await change('160.00', '2031-06-21');
  await run('2031-07-01');
  const [, july] = await invoices(subscription);
  assert.deepEqual(await linesOf(july?.document_id ?? ''), [
    { description: 'Garden care', amount: 16_000 },
    { description: 'Price changed on June 21, 2031: 10 of 30 days', amount: 2000 },
  ]);
  await change('5.00', '2031-07-01');
  await run('2031-08-01');
  const [, , august] = await invoices(subscription);
  assert.deepEqual(
    (await linesOf(august?.document_id ?? '')).map(({ amount }) => amount),
    [500, -500],
  );
  assert.equal(august?.state, 'paid', 'over nothing');
  // Ends at once, with the 15,500 less 500 that are still to be given back, and half of August’s 5.00.
  const staff = { ...home.staff, now: noon('2031-08-16') };
  const cancelled = { at_once: true, credit: true };
  await act(portal.knex, staff, subscription.id, 'cancel', cancelled);
  const credited = await portal.look(home.organization_id, (db) =>
    db('documents').where({ type: 'credit_note' }).orderBy('id', 'desc').first('state', 'subtotal', 'total'),
  );
  assert.deepEqual(credited, { state: 'sent', subtotal: 15_242, total: 16_461 });
});

test('what can’t be invoiced is told to staff once, keeps no other waiting, and goes on once it is mended', async () => {
  const stuck = await startedSubscription(portal, home, { start_on: '2031-09-01' }, noon('2031-09-01'));
  const fine = await startedSubscription(portal, home, { start_on: '2031-09-01' }, noon('2031-09-01'));
  const { organization_id, maya, olivia } = home;
  const on = { organization_id, subject_id: stuck.id, person_id: maya.id };
  await portal.look(organization_id, (db) => db('participants').where(on).delete());
  await run('2031-09-01');
  await run('2031-09-02');
  assert.deepEqual([(await invoices(stuck)).length, (await invoices(fine)).length], [0, 1]);
  const told = await portal.post.to(olivia.email, ({ text }) => /could not be made/.test(text ?? ''));
  assert.match(told.text ?? '', /Choose at least one recipient/);
  const failures = await portal.look(organization_id, (db) =>
    db('activities').where({ subject_id: stuck.id, action: 'fail' }),
  );
  assert.equal(failures.length, 1);
  await portal.look(organization_id, (db) => db('participants').insert(on));
  await run('2031-09-03');
  assert.equal((await invoices(stuck)).length, 1);
});

test('without sending, the invoice waits as a draft, which staff are told of and may still edit', async () => {
  const draft = await startedSubscription(portal, home, { start_on: '2031-10-01', sends: false }, noon('2031-10-01'));
  await run('2031-10-01');
  const [made] = await invoices(draft);
  assert.deepEqual([made?.state, made?.number], ['draft', null]);
  await portal.post.to(home.olivia.email, ({ text }) => /waits as a draft/.test(text ?? ''));
});
