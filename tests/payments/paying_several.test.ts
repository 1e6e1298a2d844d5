import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { newId } from '../../src/db/ids.js';
import { wrongSums } from '../../src/jobs/check_sums.js';
import { ledgerDifferences } from '../../src/payments/ledger/ledger_differences.js';
import { handleGatewayEvent } from '../../src/jobs/gateways/gateway_events.js';
import { day } from '../support/days.js';
import { fieldsOf, seenOn, textOf } from '../support/forms.js';
import { harbor, type Harbor, type Sent, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const costing = (unit_price: string, fields = {}) => ({
  lines: [{ description: 'Desk', unit_price }],
  ...fields,
});

/** A customer with a late invoice of $100, one of $200 that may be paid in parts, and a credit note of $30. */
async function customer() {
  const home = await harbor(portal);
  const late = await sentDocument(portal, home, 'invoice', costing('100', { issued_on: day(-20), due_on: day(-4) }));
  const later = await sentDocument(portal, home, 'invoice', costing('200', { due_on: day(9), partial_payments: true }));
  const note = await sentDocument(portal, home, 'credit_note', costing('30'));
  return { home, late, later, note, maya: await portal.signIn(home.maya.email), page: `/${home.slug}/pay` };
}

/** The fields of the page to pay as a browser sends them, with others in their place. */
async function filled(browser: Browser, url: string, changed: Record<string, string | string[]> = {}) {
  return { ...fieldsOf((await browser.get(url).expect(200)).text), ...changed };
}

const states = (home: Harbor, ...documents: Sent[]) =>
  portal.look(home.organization_id, async (db) => {
    const rows = await db('documents').whereIn(
      'id',
      documents.map(({ id }) => id),
    );
    const open = await db('ledger_entries')
      .whereNotNull('document_id')
      .groupBy('document_id')
      .select('document_id', db.raw('sum(amount)::int as open'));
    return documents.map(({ id }) => [
      rows.find((row) => row.id === id)?.state,
      open.find((row) => row.document_id === id)?.open,
    ]);
  });

const paymentIn = (location: unknown) => {
  const [, , , organization_id = '', payment_id = ''] = String(location).split('/');
  return { organization_id, payment_id };
};

const arrived = (attempt: ReturnType<typeof paymentIn>, amount: number, type = 'payment.succeeded' as const) =>
  handleGatewayEvent(portal.knex, { ...attempt, id: newId(), type, amount, currency: 'USD', reason: '' });

async function agrees(home: Harbor) {
  assert.deepEqual(await ledgerDifferences(portal.knex, home.organization_id), []);
  assert.deepEqual(await wrongSums(portal.knex, home.organization_id), []);
}

test('several invoices are paid at once, credit first: one payment, one receipt, each invoice its part', async () => {
  const { home, late, later, note, maya, page } = await customer();
  const everything = await filled(maya, `${page}?all=1`);
  assert.deepEqual(everything['total'], ['27000']);
  const { headers } = await maya.post(page).type('form').send(everything).expect(303);
  const attempt = paymentIn(headers['location']);
  assert.deepEqual(
    await states(home, late, later),
    [
      ['sent', 10_000],
      ['sent', 20_000],
    ],
    'nothing is used before',
  );
  assert.equal(await arrived(attempt, 27_000), true);
  assert.equal(await arrived(attempt, 27_000), false, 'a webhook that comes twice books nothing');
  assert.deepEqual(await states(home, late, later), [
    ['paid', 0],
    ['paid', 0],
  ]);
  const applied = await portal.look(home.organization_id, (db) =>
    db('documents').where({ id: note.id }).first('state'),
  );
  assert.equal(applied.state, 'applied');
  const receipt = await portal.post.to(home.maya.email, '$270.00');
  assert.match(receipt.text ?? '', new RegExp(`${late.number} \\$70\\.00, ${later.number} \\$200\\.00`));
  await portal.idle();
  const told = portal.post.emails.filter(
    ({ recipient, text }) => recipient === home.maya.email && text?.includes('$270.00'),
  );
  assert.equal(told.length, 1);
  const shown = textOf((await maya.get(`/${home.slug}/payments/${attempt.payment_id}`).expect(200)).text);
  assert.match(shown, /\$100\.00.*\$200\.00.*Paid from credit .*\$30\.00.*Total paid \$270\.00/);
  await agrees(home);
});

test('of a payment that is declined no credit is used; two browsers, one live attempt; what changed is asked again', async () => {
  const { home, late, later, maya, page } = await customer();
  const chosen = { 'pay[]': [late.id, later.id], [`amount_${later.id}`]: '50' };
  const form = await filled(maya, page, chosen);
  const wrong = await maya.post(page).type('form').send(form).expect(409);
  assert.match(textOf(wrong.text), /total has changed\..*You pay now \$120\.00/);
  const again = { ...fieldsOf(wrong.text), ...chosen };
  const first = await maya.post(page).type('form').send(again).expect(303);
  const other = await portal.signIn(home.maya.email);
  const second = await other
    .post(page)
    .type('form')
    .send(await filled(other, page, {}))
    .expect(303);
  const [one, two] = [first, second].map(({ headers }) => paymentIn(headers['location']));
  assert.ok(one && two);
  const reason = 'The card was declined.';
  await handleGatewayEvent(portal.knex, {
    ...{ ...two, id: newId(), type: 'payment.failed' as const, amount: 7000, currency: 'USD', reason },
  });
  assert.deepEqual(await states(home, late, later), [
    ['sent', 10_000],
    ['sent', 20_000],
  ]);
  const failed = textOf((await maya.get(`/${home.slug}/payments/${two.payment_id}`).expect(200)).text);
  assert.match(failed, /did not go through.*declined/);
  // The first attempt was given up by the second, but its money arrives after all: it pays what it was for.
  assert.equal(await arrived(one, 12_000), true);
  assert.deepEqual(await states(home, late, later), [
    ['paid', 0],
    ['partly_paid', 15_000],
  ]);
  await agrees(home);
});

test('an invoice that was voided while it was paid: its money becomes credit, the others are paid', async () => {
  const { home, late, later, maya, page } = await customer();
  const form = await filled(maya, `${page}?all=1`);
  const { headers } = await maya.post(page).type('form').send(form).expect(303);
  await act(portal.knex, home.staff, late.id, 'void', { reason: 'Twice' });
  const attempt = paymentIn(headers['location']);
  await arrived(attempt, 27_000);
  assert.deepEqual(await states(home, late, later), [
    ['void', 0],
    ['paid', 0],
  ]);
  const taken = { ...attempt, id: newId(), type: 'payment.returned' as const, amount: 27_000, currency: 'USD' };
  assert.equal(await handleGatewayEvent(portal.knex, { ...taken, reason: 'Not enough funds.' }), true);
  assert.equal((await states(home, late))[0]?.[0], 'void', 'what its bank takes back opens no voided invoice');
  await agrees(home);
});

test('what was more than was owed goes back first, and leaves no credit behind; so does what came after a void', async () => {
  const { home, late, later } = await customer();
  const pay = (document: Sent) =>
    act(
      portal.knex,
      { ...home.staff, side: 'partner', role: 'member', partner_id: home.partner_id },
      document.id,
      'pay',
      {
        method: 'card',
      },
    );
  const credit = async () =>
    Number(
      (await portal.look(home.organization_id, (db) => db('credits').sum({ sum: 'amount' }).first()))?.['sum'] ?? 0,
    );
  const before = await credit();
  const { payment_id } = await pay(later);
  const attempt = { organization_id: home.organization_id, payment_id: payment_id ?? '' };
  await act(portal.knex, home.staff, later.id, 'record_payment', { amount: 15_000, paid_on: day(0), method: 'Cash' });
  await arrived(attempt, 20_000);
  assert.equal(await credit(), before - 15_000);
  const why = { payment: attempt.payment_id, reason: 'Paid twice' };
  await act(portal.knex, home.staff, later.id, 'refund_payment', { ...why, amount: 16_000 });
  await portal.post.to(home.maya.email, 'was refunded');
  assert.equal(await credit(), before);
  assert.deepEqual(await states(home, later), [['paid', 0]]);
  await agrees(home);

  const begun = await pay(late);
  await act(portal.knex, home.staff, late.id, 'void', { reason: 'Twice' });
  const second = { ...attempt, payment_id: begun.payment_id ?? '' };
  await arrived(second, 10_000);
  const all = { payment: second.payment_id, amount: 10_000, reason: 'It was voided' };
  await act(portal.knex, home.staff, late.id, 'refund_payment', all);
  await portal.post.to(home.maya.email, `$100.00 for invoice ${late.number} was refunded`);
  assert.equal(await credit(), before);
  assert.deepEqual(await states(home, late), [['void', 0]]);
  await agrees(home);
});

test('of a retainer, what is left and what was too much is paid back; no more of it, also asked twice', async () => {
  const { home } = await customer();
  const retainer = await sentDocument(portal, home, 'retainer_invoice', costing('100'));
  const { staff } = home;
  const paid = { amount: 12_000, paid_on: day(0), method: 'Cash', keep_credit: true };
  await act(portal.knex, staff, retainer.id, 'record_payment', paid);
  const { id: payment } = await portal.look(home.organization_id, (db) => db('payments').first('id'));
  const back = (amount: number) =>
    act(portal.knex, staff, retainer.id, 'refund_payment', { payment, amount, reason: 'So' });
  await back(5000);
  await assert.rejects(back(7001));
  await act(portal.knex, staff, retainer.id, 'reverse_payment', { payment, reason: 'A mistake' });
  assert.deepEqual(await states(home, retainer), [['sent', 10_000]], 'what was paid back before is no hindrance');
  await agrees(home);
});

test('of more than fifty invoices each can be paid; nobody by a link spends their company’s credit', async () => {
  const { home, maya, page } = await customer();
  const many = await portal.look(home.organization_id, (db) => db('documents').where({ type: 'credit_note' }).first());
  const later: Sent[] = [];
  for (let n = 0; n < 51; n++)
    later.push(await sentDocument(portal, home, 'invoice', costing('10', { due_on: day(20 + n) })));
  const last = later.at(-1) ?? assert.fail();
  const form = await filled(maya, `${last.url}/pay`, { 'credit[]': [], total: '1000' });
  await maya.post(page).type('form').send(form).expect(303);
  const byLink = await portal.open(await portal.post.to(home.maya.email, last.number));
  const credits = [{ source: many.id, amount: 1000 }];
  const spent = { amount: 1000, credits, seen: seenOn({ text: (await byLink.get(`${last.url}/pay`)).text }) };
  await byLink.post(`${last.url}/use_credit`).send(spent).set('Accept', 'application/json').expect(403);
});

test('what can’t be paid is refused: more than is open, less of what is paid as a whole, what isn’t theirs', async () => {
  const { late, later, maya, page } = await customer();
  const [high, fraction, words] = ['200.01', '0.001', 'ten'];
  for (const amount of [high, fraction, words, '-5', '0']) {
    const form = await filled(maya, page, { 'pay[]': [later.id], [`amount_${later.id}`]: amount });
    const { text } = await maya.post(page).type('form').send(form).expect(422);
    assert.match(text, new RegExp(`value="${amount}"[^>]*aria-invalid`), amount);
  }
  const none = await filled(maya, page);
  delete none['pay[]'];
  await maya
    .post(page)
    .type('form')
    .send(none)
    .expect(422)
    .expect(/Choose what to pay/);
  const foreign = await customer();
  const theirs = await filled(maya, page, { 'pay[]': [foreign.late.id], total: '10000' });
  await maya.post(page).type('form').send(theirs).expect(422);
  const whole = await filled(maya, page, { 'pay[]': [late.id], [`amount_${late.id}`]: '5' });
  const sum = { ...whole, 'credit[]': [], total: '500' };
  await maya.post(page).type('form').send(sum).expect(409);
});

test('an invoice that credit covers is paid without a gateway, once', async () => {
  const home = await harbor(portal);
  const invoice = await sentDocument(portal, home, 'invoice', costing('25'));
  const note = await sentDocument(portal, home, 'credit_note', costing('30'));
  const maya = await portal.signIn(home.maya.email);
  const form = await filled(maya, `${invoice.url}/pay`);
  assert.deepEqual(form['total'], ['0']);
  const sent = () =>
    maya
      .post(`/${home.slug}/pay`)
      .type('form')
      .send({ ...form, form_token: 'pressed-twice' });
  await Promise.all([sent().expect(303), sent().expect(303)]);
  assert.deepEqual(await states(home, invoice), [['paid', 0]]);
  const left = await portal.look(home.organization_id, (db) => db('credits').first('amount'));
  assert.equal(left.amount, -500);
  assert.match(textOf((await maya.get(note.url)).text), /\$5\.00/);
  await agrees(home);
});

test('a recorded payment is moved to another invoice, or refunded; an online one goes back through its gateway', async () => {
  const { home, late, later, maya, page } = await customer();
  const paid = { amount: 10_000, paid_on: day(0), method: 'Bank transfer' };
  await act(portal.knex, home.staff, late.id, 'record_payment', paid);
  const recorded = await portal.look(home.organization_id, (db) => db('payments').first('id'));
  const moving = { payment: recorded.id, invoice: later.number, reason: 'It was for the other one' };
  await act(portal.knex, home.staff, late.id, 'move_payment', moving);
  assert.deepEqual(await states(home, late, later), [
    ['sent', 10_000],
    ['partly_paid', 10_000],
  ]);
  const refund = { payment: recorded.id, amount: 4000, reason: 'Agreed by phone', reopen: true };
  await act(portal.knex, home.staff, later.id, 'refund_payment', refund);
  assert.deepEqual(await states(home, later), [['partly_paid', 14_000]]);
  await assert.rejects(act(portal.knex, home.staff, later.id, 'refund_payment', { ...refund, amount: 6001 }));
  await agrees(home);

  const form = await filled(maya, page, { 'pay[]': [late.id], 'credit[]': [], total: '10000' });
  const { headers } = await maya.post(page).type('form').send(form).expect(303);
  const attempt = paymentIn(headers['location']);
  await arrived(attempt, 10_000);
  const back = { payment: attempt.payment_id, amount: 10_000, reason: 'Sent back' };
  await act(portal.knex, home.staff, late.id, 'refund_payment', back);
  await portal.post.to(home.maya.email, `$100.00 for invoice ${late.number} was refunded`);
  assert.deepEqual(await states(home, late), [['written_off', 0]], 'what was refunded is not owed any more');
  await agrees(home);
});
