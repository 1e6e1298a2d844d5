import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { act } from '../../src/act.js';
import { fromMinor, parseDecimal } from '../../src/documents/content/decimals.js';
import { lineAmount, totalsOf } from '../../src/documents/content/totals.js';
import type { PaymentEvent } from '../../src/payments/gateways/gateway.js';
import { handleGatewayEvent } from '../../src/jobs/gateways/gateway_events.js';
import { account, allowDebit, card, checkOut, DECLINED } from '../support/checkout.js';
import { fieldsOf, press } from '../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

type Invoice = Awaited<ReturnType<typeof sentInvoice>>;

async function opened(fields = {}) {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, fields);
  return { home, invoice, mayas: await portal.open(await portal.post.to(home.maya.email)) };
}

const state = (home: Harbor, { id }: Invoice) =>
  portal.look(home.organization_id, async (db) => {
    const document = await db('documents').where({ id }).first('state');
    const open = await db('ledger_entries').where({ document_id: id }).sum('amount as open').first();
    const credit = await db('ledger_entries')
      .where({ organization_id: home.organization_id })
      .whereNull('document_id')
      .sum('amount as credit')
      .first();
    return [document.state, Number(open?.['open']), Number(credit?.['credit'] ?? 0)];
  });

async function begin(
  mayas: Browser,
  invoice: Invoice,
  fields: Record<string, string> = { part: 'whole', method: 'card' },
) {
  const { headers } = await press(mayas, `${invoice.url}/pay`, fields).expect(303);
  const [, , , organization_id = '', payment_id = ''] = String(headers['location']).split('/');
  return { organization_id, payment_id, url: String(headers['location']) };
}

const event = (
  attempt: { organization_id: string; payment_id: string },
  type: string,
  amount = 10_800,
  currency = 'USD',
) => ({ ...attempt, id: newId(), type, amount, currency, reason: '' }) as PaymentEvent;

/** The address of the link with this text. */
const linkTo = (html: string, text: string) => new RegExp(`href="([^"]+)">${text}<`).exec(html)?.[1] ?? '';

test('a part is paid, then the rest; the state and the open amount follow', async () => {
  const { home, invoice, mayas } = await opened();
  const first = await begin(mayas, invoice, { part: 'part', amount: '40', method: 'card' });
  await checkOut(mayas, first.url).expect(303);
  await portal.post.to(home.olivia.email, 'paid $40.00');
  assert.deepEqual(await state(home, invoice), ['partly_paid', 6800, 0]);
  await act(portal.knex, home.staff, invoice.id, 'record_payment', {
    amount: 6800,
    paid_on: '2026-11-20',
    method: 'Bank transfer',
  });
  assert.deepEqual(await state(home, invoice), ['paid', 0, 0]);
});

test('a declined card changes nothing, and both sides are notified', async () => {
  const { home, invoice, mayas } = await opened();
  const attempt = await begin(mayas, invoice);
  const led = await checkOut(mayas, attempt.url, card(DECLINED)).expect(303);
  await portal.post.to(home.maya.email, 'did not go through');
  assert.deepEqual(await state(home, invoice), ['sent', 10_800, 0]);
  await mayas.get(invoice.url).expect(/did not go through/);
  const page = await mayas.get(led.headers['location'] ?? '').expect(/The card was declined\./);
  await mayas.get(linkTo(page.text, 'Try again')).expect(/Pay \$108\.00/);
});

test('a bank debit is on its way for a while: nobody can pay a second time meanwhile', async () => {
  const { home, invoice, mayas } = await opened();
  await allowDebit(portal, home);
  const attempt = await begin(mayas, invoice, { part: 'whole', method: 'bank_debit' });
  const led = await checkOut(mayas, attempt.url, account()).expect(303);
  await portal.post.to(home.maya.email, 'on its way');
  const page = led.headers['location'] ?? '';
  await mayas.get(page).expect(/<h1>Your payment is on its way<\/h1>/);
  await press(mayas, `${invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(409);
  await handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded'));
  assert.deepEqual(await state(home, invoice), ['paid', 0, 0]);
  await mayas.get(page).expect(/<h1>You paid \$108\.00<\/h1>/);
});

test('every webhook twice, at once and in every order, books the money once', async () => {
  const orders = [
    ['payment.processing', 'payment.succeeded', 'payment.succeeded', 'payment.processing'],
    ['payment.succeeded', 'payment.processing', 'payment.succeeded', 'payment.failed'],
    ['payment.succeeded', 'payment.failed', 'payment.processing', 'payment.succeeded'],
  ];
  for (const order of orders) {
    const { home, invoice, mayas } = await opened();
    const attempt = await begin(mayas, invoice);
    for (const type of order) await handleGatewayEvent(portal.knex, event(attempt, type));
    assert.deepEqual(await state(home, invoice), ['paid', 0, 0], order.join());
  }
  const { home, invoice, mayas } = await opened();
  const attempt = await begin(mayas, invoice);
  await Promise.all(
    Array.from({ length: 6 }, () => handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded'))),
  );
  assert.deepEqual(await state(home, invoice), ['paid', 0, 0]);
});

test('an event with another amount or currency is ignored', async () => {
  const { home, invoice, mayas } = await opened();
  const attempt = await begin(mayas, invoice);
  await handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded', 1));
  await handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded', 10_800, 'EUR'));
  assert.deepEqual(await state(home, invoice), ['sent', 10_800, 0]);
});

test('money that arrives after the invoice was paid or voided becomes credit', async () => {
  const { home, invoice, mayas } = await opened();
  const attempt = await begin(mayas, invoice);
  await act(portal.knex, home.staff, invoice.id, 'void', { reason: 'Twice' });
  await handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded'));
  assert.deepEqual(await state(home, invoice), ['void', 0, -10_800]);
});

test('money that arrives while the invoice is being closed becomes credit', async () => {
  const { home, invoice, mayas } = await opened();
  const attempt = await begin(mayas, invoice);
  let arriving: Promise<boolean> | undefined;
  await portal.look(home.organization_id, async (db) => {
    await db.raw('select from subjects where id = ? for update', [invoice.id]);
    arriving = handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded'));
    await until('the gateway to wait its turn', async () => {
      const { rows } = await portal.knex.raw(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for no key update%'`,
      );
      return rows.length > 0;
    });
    await act(db, home.staff, invoice.id, 'record_payment', { amount: 10_800, paid_on: '2026-11-20', method: 'Cash' });
  });
  await arriving;
  assert.deepEqual(await state(home, invoice), ['paid', 0, -10_800]);
});

test('a card that is declined and then accepted has paid, in whatever order the events come', async () => {
  const { home, invoice, mayas } = await opened();
  const attempt = await begin(mayas, invoice);
  const reason = 'The bank says no, at length. '.repeat(20);
  await handleGatewayEvent(portal.knex, { ...event(attempt, 'payment.failed'), reason });
  const email = await portal.post.to(home.maya.email, 'did not go through');
  assert.match(email.text ?? '', /The bank says no/);
  await handleGatewayEvent(portal.knex, event(attempt, 'payment.succeeded'));
  assert.deepEqual(await state(home, invoice), ['paid', 0, 0]);
});

test('an abandoned attempt that succeeds after all replaces the one begun since', async () => {
  const { home, invoice, mayas } = await opened();
  await allowDebit(portal, home);
  const first = await begin(mayas, invoice, { part: 'whole', method: 'bank_debit' });
  const second = await begin(mayas, invoice);
  await handleGatewayEvent(portal.knex, event(first, 'payment.processing'));
  await press(mayas, `${invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(409);
  await handleGatewayEvent(portal.knex, event(second, 'payment.processing'));
  await handleGatewayEvent(portal.knex, event(first, 'payment.succeeded'));
  assert.deepEqual(await state(home, invoice), ['paid', 0, 0]);
  await handleGatewayEvent(portal.knex, event(second, 'payment.succeeded'));
  assert.deepEqual(await state(home, invoice), ['paid', 0, -10_800]);
});

test('the amount comes from the server; what can’t be paid is refused beside the field', async () => {
  const { home, invoice, mayas } = await opened();
  for (const amount of ['0', '-5', '1e309', 'NaN', '108.01', '99999999999999999999999', 'abc']) {
    await press(mayas, `${invoice.url}/pay`, { part: 'part', amount, method: 'card' })
      .expect(422)
      .expect(new RegExp(`value="${amount.replace('.', '\\.')}"`));
  }
  await press(mayas, `${invoice.url}/pay`, { part: 'whole', method: 'cheque' }).expect(422);
  const whole = await opened({ partial_payments: false });
  await press(whole.mayas, `${whole.invoice.url}/pay`, { part: 'part', amount: '5', method: 'card' }).expect(422);
  assert.deepEqual(await state(home, invoice), ['sent', 10_800, 0]);
});

test('a payment that is recorded twice at once, or while another arrives, is recorded once', async () => {
  const { home, invoice } = await opened();
  const olivia = await portal.signIn(home.olivia.email);
  const page = await olivia.get(invoice.url);
  const [, form = ''] = /action="[^"]*record_payment"([\s\S]*?)<\/form>/.exec(page.text) ?? [];
  const shown = { seen: fieldsOf(form)['seen']?.[0], open: fieldsOf(form)['open']?.[0] };
  assert.equal(shown.open, '10800');
  const typed = { ...shown, amount: '40.00', paid_on: '2026-11-20', method: 'Bank transfer' };
  const twice = await Promise.all([1, 2].map(() => press(olivia, `${invoice.url}/record_payment`, typed)));
  assert.deepEqual(
    twice.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 409],
  );
  const back = twice.find(({ status }) => status === 409)?.text ?? '';
  assert.match(back, /This changed since you opened it/);
  assert.match(back, /value="Bank transfer"/);
  await press(olivia, `${invoice.url}/write_off`, { ...shown, reason: 'Too little to chase' }).expect(409);
  assert.deepEqual(await state(home, invoice), ['partly_paid', 6800, 0]);
});

test('an amount with more decimals than its currency has is not rounded, but refused', async () => {
  const { home, invoice } = await opened();
  const olivia = await portal.signIn(home.olivia.email);
  // Whoever types as a German means a thousand and more.
  for (const amount of ['1.234', '10.999'])
    await press(olivia, `${invoice.url}/record_payment`, { amount, paid_on: '2026-11-20', method: 'Cash' })
      .expect(422)
      .expect(/This has more decimals than the currency\./);
  assert.deepEqual(await state(home, invoice), ['sent', 10_800, 0]);
});

test('a webhook that is not signed, or long ago, is refused', async () => {
  const agent = portal.browser();
  const body = JSON.stringify({ id: newId() });
  const sign = (time: number, secret = portal.services.secret) =>
    `t=${time},v1=${createHmac('sha256', secret).update(`webhook:${time}.${body}`).digest('hex')}`;
  const now = Math.floor(Date.now() / 1000);
  for (const signature of ['', 't=1,v1=00', sign(now, 'another'), sign(now - 600)]) {
    await agent
      .post('/webhooks/sandbox')
      .set('Sandbox-Signature', signature)
      .set('Content-Type', 'application/json')
      .send(body)
      .expect(401);
  }
  await agent
    .post('/webhooks/sandbox')
    .set('Sandbox-Signature', sign(now))
    .set('Content-Type', 'application/json')
    .send(body)
    .expect(400);
});

test('sums are exact in every currency, and rounded once', () => {
  const line = (quantity: string, unit_price: string, tax_rate = '0', discount_percent = '0') => ({
    quantity,
    unit_price,
    tax_rate,
    discount_percent,
    choice: '' as const,
    picked: true,
    refused: false,
  });
  assert.equal(lineAmount(line('3', '0.335'), 'USD'), 101);
  assert.equal(lineAmount(line('1', '1.005'), 'USD'), 101);
  assert.equal(lineAmount(line('-1', '1.005'), 'USD'), -101);
  assert.equal(lineAmount(line('1.5', '99.9', '0', '10'), 'JPY'), 135);
  assert.equal(lineAmount(line('1', '1.2345'), 'KWD'), 1235);
  const totals = totalsOf(
    [line('1', '10.05', '19'), line('1', '10.05', '19'), line('1', '5', '7'), line('1', '1', '0')],
    'EUR',
  );
  assert.deepEqual(totals, {
    subtotal: 2610,
    taxes: [
      { rate: '0', base: 100, amount: 0 },
      { rate: '7', base: 500, amount: 35 },
      { rate: '19', base: 2010, amount: 382 },
    ],
    tax: 417,
    total: 3027,
  });
});

test('numbers are read as people write them where they live', () => {
  const table: [string, string, string | null][] = [
    ['1,234.50', 'en-US', '1234.5'],
    ['1.234,50', 'de-DE', '1234.5'],
    ['1234,5', 'de-DE', '1234.5'],
    ['1234.5', 'de-DE', '1234.5'],
    ['1.234', 'de-DE', '1234'],
    ['1 234,5', 'fr-FR', '1234.5'],
    ['12', 'en-US', '12'],
    ['1e5', 'en-US', null],
    ['0x10', 'en-US', null],
    ['', 'en-US', null],
    ['--1', 'en-US', null],
    ['1.2.3', 'en-US', null],
  ];
  for (const [typed, locale, value] of table) assert.equal(parseDecimal(typed, locale), value, `${typed} in ${locale}`);
  assert.equal(fromMinor(10_800, 'USD'), '108.00');
  assert.equal(fromMinor(108, 'JPY'), '108');
});

test('without a gateway nobody is offered to pay online', async () => {
  const { home, invoice, mayas } = await opened();
  await portal.look(home.organization_id, (db) =>
    db('organizations').where({ id: home.organization_id }).update({ gateway: null }),
  );
  const page = await mayas.get(invoice.url).expect(200);
  assert.doesNotMatch(page.text, /documents\/INV-0001\/pay"/);
  await mayas.get(`${invoice.url}/pay`).expect(409);
  await press(mayas, `${invoice.url}/pay`, { part: 'whole', method: 'card' }).expect(409);
});
