import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { runCharges } from '../../src/jobs/charging/run_charges.js';
import { runSubscriptions } from '../../src/jobs/subscriptions/run_subscriptions.js';
import { chargeStored, checkoutOf } from '../../src/payments/gateways/checkout.js';
import { removeMethod } from '../../src/payments/methods/managing_methods.js';
import { agree, storedCard } from '../support/charging.js';
import { SECRET } from '../support/database.js';
import { errorsIn, press, textOf } from '../support/forms.js';
import { harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { plan, type Started, startedSubscription } from '../support/subscriptions.js';

// Automatic payment of a subscription: agreed once by its customer, charged by the clock, each invoice once.

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const noon = (day: string) => new Date(`${day}T12:00:00Z`);

/** What the clock does in that hour, and what the gateway then tells. */
async function hour(day: string) {
  await portal.idle();
  await runSubscriptions(portal.knex, noon(day));
  await runCharges(portal.knex, noon(day));
  await portal.idle();
}

interface Invoice {
  id: string;
  number: string;
  state: string;
  due_on: string;
}

const invoicesOf = (home: Harbor, { id }: Started): Promise<Invoice[]> =>
  portal.look(home.organization_id, (db) =>
    db('subscription_periods as x')
      .join('documents as d', 'd.id', 'x.document_id')
      .where({ subscription_id: id })
      .orderBy('period')
      .select('d.id', 'd.number', 'd.state', 'd.due_on'),
  );

/** Its payments: their states, in order. */
const paymentsOf = (home: Harbor, { id }: Pick<Invoice, 'id'>): Promise<string[]> =>
  portal.look(home.organization_id, (db) =>
    db('payment_parts').where({ document_id: id }).orderBy('payment_id').pluck('state'),
  );

const chargeOf = (home: Harbor, { id }: Pick<Invoice, 'id'>) =>
  portal.look(home.organization_id, (db) =>
    db('scheduled_charges').where({ document_id: id }).first('state', 'cause', 'charge_on', 'attempts'),
  );

/** A subscription from January 31st at 108.00 a month, whose invoices are charged to a card. */
async function charged(outcome?: Parameters<typeof storedCard>[2], more: object = {}) {
  const home = await harbor(portal);
  const method = await storedCard(portal, home, outcome);
  const subscription = await startedSubscription(portal, home);
  await agree(portal, home, subscription, method, more);
  return { home, method, subscription };
}

async function firstInvoice(home: Harbor, subscription: Started): Promise<Invoice> {
  await hour('2031-01-31');
  const [invoice] = await invoicesOf(home, subscription);
  assert.ok(invoice);
  return invoice;
}

test('what was agreed is kept in its words and told to both sides; each invoice says its charge, and is charged once', async () => {
  const { home, subscription } = await charged();
  const yours = await portal.post.to(home.maya.email, 'You turned on automatic payment');
  assert.match(yours.text ?? '', /Visa ending in 4242[^]*\$200\.00 for each invoice[^]*3 days before each charge/);
  assert.match(yours.text ?? '', /Harbor & Pine may charge the chosen payment method for each invoice/);
  await portal.post.to(home.olivia.email, 'Maya Chen turned on automatic payment');
  await portal.post.to(home.noah.email, 'Maya Chen turned on automatic payment of Garden care');
  const first = await firstInvoice(home, subscription);
  const announced = await portal.post.to(home.maya.email, ({ text }) => Boolean(text?.includes(first.number)));
  assert.match(
    announced.text ?? '',
    /We’ll charge Visa ending in 4242 on February 14, 2031: \$108\.00\. Nothing to do/,
  );
  const maya = await portal.signIn(home.maya.email);
  assert.match((await maya.get(`/${home.slug}/documents/${first.number}`)).text, /We’ll charge Visa ending in 4242/);
  await hour('2031-02-13');
  assert.deepEqual(await paymentsOf(home, first), []);
  await portal.idle();
  const [when, workers] = [noon('2031-02-14'), [1, 2]];
  await Promise.all(workers.map(() => runCharges(portal.knex, when)));
  const [payment] = await portal.look(home.organization_id, (db) => db('payments').pluck('id'));
  const checkout = checkoutOf(portal.services.db, portal.services.config, [SECRET]);
  await Promise.all(workers.map(() => chargeStored(checkout, home.organization_id, String(payment))));
  await portal.post.to(home.olivia.email, `paid $108.00 of invoice ${first.number}`);
  await hour('2031-02-28');
  await hour('2031-03-14');
  const all = await invoicesOf(home, subscription);
  assert.deepEqual(
    all.map(({ state }) => state),
    ['paid', 'paid'],
  );
  for (const invoice of all) assert.deepEqual(await paymentsOf(home, invoice), ['succeeded']);
});

test('a killed run charges nothing and leaves nothing behind; the next one charges once', async () => {
  const { home, subscription, method } = await charged();
  const invoice = await firstInvoice(home, subscription);
  const clock = { ...home.staff, side: 'system' as const, now: noon(invoice.due_on) };
  const killed = portal.knex.transaction(async (db) => {
    await act(db, clock, invoice.id, 'charge', { stored: method });
    throw new Error('killed');
  });
  await assert.rejects(killed, /killed/);
  assert.deepEqual(await paymentsOf(home, invoice), []);
  await hour(invoice.due_on);
  await hour(invoice.due_on);
  assert.deepEqual(await paymentsOf(home, invoice), ['succeeded']);
});

test('what was paid otherwise between the start and its job is not charged', async () => {
  const { home, subscription, method } = await charged();
  const invoice = await firstInvoice(home, subscription);
  const clock = { ...home.staff, side: 'system' as const, now: noon(invoice.due_on) };
  const owed = await portal.look(home.organization_id, (db) =>
    db('ledger_entries').where({ document_id: invoice.id }).sum('amount as open').first(),
  );
  const paid = { amount: Number(owed?.['open']), paid_on: invoice.due_on, method: 'Bank transfer' };
  await portal.knex.transaction(async (db) => {
    await act(db, clock, invoice.id, 'charge', { stored: method });
    await act(db, { ...home.staff, now: noon(invoice.due_on) }, invoice.id, 'record_payment', paid);
  });
  await portal.idle();
  assert.deepEqual((await paymentsOf(home, invoice)).toSorted(), ['failed', 'succeeded']);
  await hour(invoice.due_on);
  assert.equal((await paymentsOf(home, invoice)).length, 2);
});

test('a declined card is tried again after 3, 5 and 7 days, each time announced; then both sides know that it was the last', async () => {
  const { home, subscription } = await charged('card_declined');
  const invoice = await firstInvoice(home, subscription);
  const days = ['2031-02-14', '2031-02-17', '2031-02-22', '2031-03-01'];
  for (const [i, day] of days.entries()) {
    await hour(day);
    assert.equal((await paymentsOf(home, invoice)).length, i + 1);
    const next = days[i + 1];
    if (next) assert.equal((await chargeOf(home, invoice)).charge_on, next);
  }
  const first = await portal.post.to(home.maya.email, ({ text }) => /Next try[^]*February 17, 2031/.test(text ?? ''));
  assert.match(first.text ?? '', /did not go through[^]*The card was declined/);
  await portal.post.to(home.maya.email, 'We won’t try again. Please pay this invoice.');
  await portal.post.to(home.olivia.email, 'It won’t be tried again. Maple Street Clinic was asked to pay it.');
  await hour('2031-03-20');
  assert.deepEqual(await paymentsOf(home, invoice), ['failed', 'failed', 'failed', 'failed']);
  const olivia = await portal.signIn(home.olivia.email);
  const page = textOf((await olivia.get(subscription.url)).text);
  assert.match(page, new RegExp(`${invoice.number} The card was declined\\. Not tried again`));
});

test('what a person pays by hand between two tries is not charged again; a card that asks for its owner is tried once', async () => {
  const { home, subscription } = await charged('card_declined');
  const invoice = await firstInvoice(home, subscription);
  await hour('2031-02-14');
  const paid = { amount: 10_800, paid_on: '2031-02-15', method: 'Check' };
  await act(portal.knex, { ...home.staff, now: noon('2031-02-15') }, invoice.id, 'record_payment', paid);
  await hour('2031-02-17');
  assert.deepEqual((await paymentsOf(home, invoice)).toSorted(), ['failed', 'succeeded']);
  assert.deepEqual((await chargeOf(home, invoice)).cause, 'settled');
  const careful = await charged('card_to_confirm');
  const asked = await firstInvoice(careful.home, careful.subscription);
  await hour('2031-02-14');
  await portal.post.to(careful.home.maya.email, 'The bank asks you to confirm it.');
  await hour('2031-02-17');
  assert.deepEqual(await paymentsOf(careful.home, asked), ['failed']);
});

test('above the limit, disputed or promised for later: not charged, and both sides are told why', async () => {
  const { home, subscription } = await charged(undefined, { limit: 10_800 });
  const changes = { ...plan(home), prorate: false };
  const dear = { ...changes.content, lines: [{ description: 'Garden care', unit_price: '130.00', tax_rate: '8' }] };
  await act(portal.knex, { ...home.staff, now: noon('2031-01-20') }, subscription.id, 'change', {
    ...changes,
    content: dear,
  });
  const above = await firstInvoice(home, subscription);
  assert.equal((await chargeOf(home, above)).cause, 'limit');
  await portal.post.to(home.maya.email, 'This is above your limit of $108.00 for automatic payment');
  await portal.post.to(home.olivia.email, `Invoice ${above.number} won’t be charged automatically`);
  for (const [name, input, cause] of [
    ['dispute', { reason: 'Too dear' }, 'dispute'],
    ['promise', { promised_on: '2031-02-20' }, 'promise'],
  ] as const) {
    const other = await charged();
    const invoice = await firstInvoice(other.home, other.subscription);
    const maya = { ...partnerActor(other.home, other.home.maya), now: noon('2031-02-10') };
    await act(portal.knex, maya, invoice.id, name, input);
    await hour('2031-02-14');
    assert.deepEqual([(await chargeOf(other.home, invoice)).cause, await paymentsOf(other.home, invoice)], [cause, []]);
    await portal.post.to(other.home.maya.email, `Invoice ${invoice.number} won’t be charged automatically`);
  }
});

test('turned off by either side, or by removing the card: nothing more is charged, and both are told', async () => {
  const { home, subscription } = await charged();
  const invoice = await firstInvoice(home, subscription);
  const maya = await portal.signIn(home.maya.email);
  await press(maya, `${subscription.url}/end_charging`).expect(303);
  await portal.post.to(home.maya.email, ({ text }) =>
    Boolean(text?.includes('Please pay by hand') && text.includes(invoice.number)),
  );
  await portal.post.to(home.olivia.email, 'Maya Chen turned off automatic payment');
  await press(maya, `${subscription.url}/end_charging`).expect(409);
  const [byStaff, byCard] = [await charged(), await charged()];
  const olivia = await portal.signIn(byStaff.home.olivia.email);
  await press(olivia, `${byStaff.subscription.url}/end_charging`).expect(303);
  const owner = partnerActor(byCard.home, byCard.home.maya);
  await removeMethod(portal.knex, owner, byCard.method);
  await portal.idle();
  await portal.post.to(byCard.home.olivia.email, 'Visa ending in 4242 was removed.');
  await hour('2031-01-31');
  await hour('2031-02-14');
  for (const one of [{ home, subscription }, byStaff, byCard]) {
    const [made] = await invoicesOf(one.home, one.subscription);
    assert.ok(made);
    assert.deepEqual(await paymentsOf(one.home, made), []);
  }
});

test('only who may pay for the customer agrees: by a form that says what can’t be used, and never in their place', async () => {
  const [home, rival] = [await harbor(portal), await harbor(portal)];
  const [good, expired, foreign] = [
    await storedCard(portal, home),
    await storedCard(portal, home, 'card_ok', '2020-01'),
    await storedCard(portal, rival),
  ];
  const subscription = await startedSubscription(portal, home, {
    content: { recipients: [home.maya.id, home.noah.id] },
  });
  const maya = await portal.signIn(home.maya.email);
  const form = { method: good, limit: '150.00', notice_days: '3' };
  const wrong: [object, RegExp][] = [
    [{ limit: '-5' }, /above zero/],
    [{ limit: 'much' }, /above zero/],
    [{ limit: '150.001' }, /more decimals/],
    [{ limit: '100' }, /at least what each invoice comes to/],
    [{ notice_days: '0' }, /too small/],
    [{ method: '' }, /Choose a payment method/],
    [{ method: expired }, /can’t be charged/],
    [{ method: foreign }, /can’t be charged/],
  ];
  for (const [typed, message] of wrong) {
    const { text } = await press(maya, `${subscription.url}/agree_charging`, { ...form, ...typed }).expect(422);
    assert.match(errorsIn(text).join(' '), message);
  }
  const others: [string, number][] = [
    [home.olivia.email, 403],
    [rival.maya.email, 404],
    [rival.olivia.email, 404],
  ];
  for (const [email, status] of others)
    await press(await portal.signIn(email), `${subscription.url}/agree_charging`, form).expect(status);
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).update({ role: 'viewer' }));
  await press(await portal.signIn(home.noah.email), `${subscription.url}/agree_charging`, form).expect(403);
  const byLink = { ...partnerActor(home, home.maya), assurance: 'link' as const, subject_ids: [subscription.id] };
  await assert.rejects(act(portal.knex, byLink, subscription.id, 'agree_charging', { ...form, limit: 15_000 }), /code/);
  const mandates = () => portal.look(home.organization_id, (db) => db('payment_mandates').select('words', 'ended_by'));
  assert.deepEqual(await mandates(), []);
  await press(maya, `${subscription.url}/agree_charging`, form).expect(303);
  await press(maya, `${subscription.url}/agree_charging`, { ...form, limit: '170.00' }).expect(303);
  const [first, second] = await mandates();
  assert.deepEqual([first?.ended_by, second?.ended_by], ['replaced', null]);
  const page = textOf((await maya.get(subscription.url)).text);
  assert.match(
    page,
    /Visa ending in 4242 Limit \$170\.00 for each invoice Notice 3 days before each charge Agreed by Maya/,
  );
  assert.ok(page.includes(second?.words ?? '-'));
});
