import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { HttpError } from '../../src/errors.js';
import { checkSums, wrongSums } from '../../src/jobs/check_sums.js';
import { postEntry } from '../../src/payments/ledger/ledger.js';
import { day } from '../support/days.js';
import { DESK, harbor, partnerActor, type Sent, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { seeded } from '../support/random.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const costing = (unit_price: string) => ({ lines: [{ description: 'Desk', unit_price }] });

const sumsOf = (organization_id: string, account_id: string) =>
  portal.look(organization_id, (db) =>
    db('receivables')
      .where({ account_id })
      .whereNot({ amount: 0 })
      .orderBy(['basis', 'day'])
      .select(db.raw(`basis || ' ' || day as of`), 'amount'),
  );

test('a guest’s balance is that of the documents they take part in', async () => {
  const home = await harbor(portal);
  const invoice = await sentDocument(portal, home, 'invoice', costing('70.00'));
  await sentDocument(portal, home, 'invoice', costing('30.00'));
  const ada = { name: 'Ada Lind', email: `ada@${home.slug}.example` };
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'forward', ada);
  const adas = await portal.signIn(ada.email);
  const { text } = await adas.get(`/${home.slug}`).expect(200);
  assert.match(text, /\$70\.00/);
  assert.doesNotMatch(text, /\$100\.00|\$30\.00/);
});

test('what is owed follows its day, its amount and its payment, in the act’s transaction', async () => {
  const home = await harbor(portal);
  const { organization_id, partner_id, staff } = home;
  const invoice = await sentDocument(portal, home, 'invoice', { due_on: day(10), issued_on: day(-1) });
  const owed = (amount: number, due: string, issued: string) => ({
    partner: [
      { of: 'all -infinity', amount },
      { of: `due ${due}`, amount },
    ],
    all: [
      { of: 'all -infinity', amount },
      { of: `due ${due}`, amount },
      { of: `issued ${issued}`, amount },
    ],
  });
  const sums = async () => ({
    partner: await sumsOf(organization_id, partner_id),
    all: await sumsOf(organization_id, organization_id),
  });
  assert.deepEqual(await sums(), owed(10_000, day(10), day(-1)));
  const revised = { title: 'Reception', terms: '', note: '', recipients: [home.maya.id], partial_payments: true };
  const content = {
    ...revised,
    issued_on: day(0),
    due_on: day(20),
    lines: [{ ...DESK, tax_rate: '0', unit_price: '120.00' }],
  };
  await act(portal.knex, staff, invoice.id, 'revise', { content });
  assert.deepEqual(await sums(), owed(12_000, day(20), day(0)));
  await act(portal.knex, staff, invoice.id, 'record_payment', { amount: 12_000, paid_on: day(0), method: 'Cash' });
  assert.deepEqual(await sums(), { partner: [], all: [] });
  await checkSums(portal.knex);
});

test('an act that fails leaves the sums as they were', async () => {
  const home = await harbor(portal);
  const { organization_id, partner_id } = home;
  const { id } = await sentDocument(portal, home, 'invoice');
  const account = { organization_id, id, partner_id, currency: 'USD', total: 0 };
  const failing = withActor(portal.knex, systemActor(organization_id), async (db) => {
    await postEntry(db, account, 'charge', 5000);
    await db.raw('set constraints all immediate');
    throw new Error('and then this');
  });
  await assert.rejects(failing, /and then this/);
  assert.deepEqual(await wrongSums(portal.knex, organization_id), []);
  assert.equal((await sumsOf(organization_id, partner_id))[0]?.amount, 10_000);
});

/** What may be done to documents that owe or are credit; much of it is refused in the state that they are in. */
const ACTS: ((amount: number) => [name: string, input: Record<string, unknown>])[] = [
  (amount) => ['record_payment', { amount, paid_on: day(0), method: 'Cash' }],
  (amount) => ['apply_credit', { amount }],
  (amount) => ['refund', { amount, paid_on: day(0), method: 'Cash' }],
  () => ['write_off', { reason: 'Enough' }],
  () => ['void', { reason: 'A mistake' }],
];

test('acts on the same partners from two sides at once lose no change of a sum', async () => {
  await portal.close_worker(); // nobody reads the emails
  const home = await harbor(portal);
  const documents: Sent[] = [];
  for (let i = 0; i < 12; i++)
    documents.push(
      await sentDocument(portal, home, ['invoice', 'retainer_invoice', 'credit_note'][i % 3] ?? '', {
        ...costing(`${40 + i}.00`),
        issued_on: day(-20),
        due_on: day(i - 5),
      }),
    );
  const actor = async (seed: number) => {
    const random = seeded(seed);
    for (let i = 0; i < 20; i++) {
      const { id = '' } = documents[random(documents.length)] ?? {};
      const [name, input] = ACTS[random(10) < 6 ? random(2) : random(ACTS.length)]?.(100 + random(1500)) ?? ['', {}];
      await act(portal.knex, home.staff, id, name, input).catch((error: unknown) => {
        if (!(error instanceof HttpError)) throw error;
      });
    }
  };
  await Promise.all([1, 2, 3, 4].map(actor));
  const entries = await portal.look(home.organization_id, (db) => db('ledger_entries').select('id'));
  assert.ok(entries.length > 20, `${entries.length} entries`);
  assert.deepEqual(await wrongSums(portal.knex, home.organization_id), []);
});

test('one who acts for a partner waits for another’s commit, not for what the other still does', async () => {
  const home = await harbor(portal);
  const { organization_id, partner_id } = home;
  const [first, second] = [await sentDocument(portal, home, 'invoice'), await sentDocument(portal, home, 'invoice')];
  const pay = { amount: 10_000, paid_on: day(0), method: 'Cash' };
  await withActor(portal.knex, home.staff, async (db) => {
    await act(db, home.staff, first.id, 'record_payment', pay);
    // Were the sums changed at once, this would wait for the transaction around it, which waits for this.
    await act(portal.knex, home.staff, second.id, 'record_payment', pay);
  });
  assert.deepEqual(await sumsOf(organization_id, partner_id), []);
});

test('a sum that is wrong is found', async () => {
  const home = await harbor(portal);
  await sentDocument(portal, home, 'invoice');
  await checkSums(portal.knex);
  await withActor(portal.knex, systemActor(home.organization_id), (db) => db('balances').increment('amount', 1));
  await assert.rejects(checkSums(portal.knex), /balances .*: 10001 instead of 10000/);
  await withActor(portal.knex, systemActor(home.organization_id), (db) => db('balances').increment('amount', -1));
});

test('where the ledger and a document don’t agree, owners, admins and accountants are told once, and led there', async () => {
  const home = await harbor(portal);
  const { organization_id, partner_id } = home;
  const { id } = await sentDocument(portal, home, 'invoice');
  const account = { organization_id, id, partner_id, currency: 'USD', total: 10_000 };
  const book = (amount: number) =>
    withActor(portal.knex, systemActor(organization_id), (db) => postEntry(db, account, 'charge', amount));
  await book(-10_000); // it is sent, and nothing is open
  await assert.rejects(checkSums(portal.knex), /INV-0001: state sent, with 0 in the ledger/);
  await assert.rejects(checkSums(portal.knex));
  const worker = await portal.startWorker();
  await portal.idle();
  const told = portal.post.emails.filter(({ subject }) => subject?.includes('doesn’t match INV-0001'));
  assert.deepEqual(
    told.map(({ recipient }) => recipient),
    [home.olivia.email],
  );
  assert.match(told[0]?.text ?? '', new RegExp(`${home.slug}/documents/INV-0001`));
  await worker.stop();
  await book(10_000);
});
