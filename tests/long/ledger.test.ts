import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { HttpError } from '../../src/errors.js';
import { isOutage } from '../../src/db/outage.js';
import { wrongSums } from '../../src/jobs/check_sums.js';
import { ledgerDifferences } from '../../src/payments/ledger/ledger_differences.js';
import type { PaymentEvent } from '../../src/payments/gateways/gateway.js';
import { handleGatewayEvent } from '../../src/jobs/gateways/gateway_events.js';
import { connectionTo } from '../support/database.js';
import { day } from '../support/days.js';
import { type Harbor, harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { WATCH } from '../support/jobs.js';
import { type Random, seeded } from '../support/random.js';
import { sized } from '../support/sized.js';
import { recount } from '../support/recount.js';

const TYPES = ['invoice', 'invoice', 'retainer_invoice', 'credit_note'];
const EVENTS: PaymentEvent['type'][] = [
  'payment.processing',
  'payment.succeeded',
  'payment.failed',
  'payment.returned',
];
/** How many acts fall between two cuts of all connections, on average. */
const BETWEEN_CUTS = 60;

/** One of these at random; many are refused in the state that their document is in. */
async function actAtRandom(portal: Portal, home: Harbor, random: Random): Promise<void> {
  const { knex } = portal;
  const pick = async (table: string) => {
    const rows = await portal.look(home.organization_id, (db) => db(table).orderBy('id').select());
    return rows[random(rows.length)];
  };
  const { organization_id, staff } = home;
  const amount = 100 + random(12_000);
  if (random(8) === 0) return void (await sentDocument(portal, home, TYPES[random(TYPES.length)] ?? 'invoice'));
  const payment = await pick('payments');
  if (payment && random(3) === 0) {
    const type = EVENTS[random(EVENTS.length)] ?? 'payment.failed';
    const paid = { organization_id, payment_id: payment.id, amount: payment.amount, currency: payment.currency };
    return void (await handleGatewayEvent(knex, { id: payment.id, type, ...paid, reason: '' }));
  }
  if (payment && random(8) === 0) {
    const [part] = await portal.look(organization_id, (db) => db('payment_parts').where({ payment_id: payment.id }));
    const { number } = await pick('documents');
    const asked: [string, object][] = [
      ['reverse_payment', {}],
      ['move_payment', { invoice: number ?? 'None' }],
      ['refund_payment', { amount, reopen: random(2) === 0 }],
    ];
    const [name, input] = asked[random(asked.length)] ?? ['', {}];
    const why = { payment: payment.id, reason: 'No' };
    return void (await act(knex, staff, part.document_id, name, { ...why, ...input }));
  }
  const paid = { amount, paid_on: day(0), method: 'Cash' };
  const acts: [string, Record<string, unknown>][] = [
    ['record_payment', { ...paid, keep_credit: true }],
    ['record_payment', paid],
    ['apply_credit', { amount }],
    ['refund', paid],
    ['write_off', { reason: 'Enough' }],
    ['void', { reason: 'A mistake' }],
  ];
  const { id } = await pick('documents');
  const maya = partnerActor(home, home.maya);
  if (random(3) === 0) return void (await act(knex, maya, id, 'pay', { method: 'card' }));
  if (random(6) === 0) {
    const other = await pick('documents');
    return withActor(knex, maya, async (db) => {
      const { payment_id: payment } = await act(db, maya, id, 'pay', { method: 'card' });
      await act(db, maya, other.id, 'pay', { method: 'card', payment });
    });
  }
  const [name, input] = acts[random(5) < 4 ? random(4) : random(acts.length)] ?? ['', {}];
  await act(knex, staff, id, name, input);
}

test('whatever is done to money in any order, with connections that break: the sums agree', async (t) => {
  const { count, seed } = sized(t, 400, 10_000);
  const portal = await openPortal();
  const home = await harbor(portal);
  await portal.close_worker(); // nobody reads the emails
  await sentDocument(portal, home, 'invoice');
  const admin = new pg.Client({ ...connectionTo(portal.database), user: 'postgres' });
  await admin.connect();
  t.after(() => admin.end().then(() => portal.close()));
  const cut = () =>
    admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and usename <> 'postgres' and application_name <> '${WATCH}'`);
  let [done, refused, lost] = [0, 0, 0];
  const actor = async (number: number) => {
    const random = seeded(seed + number);
    for (let i = 0; i < count / 4; i++) {
      if (random(BETWEEN_CUTS) === 0) void cut();
      await actAtRandom(portal, home, random).then(
        () => done++,
        (error: unknown) => {
          if (error instanceof HttpError) refused++;
          else if (isOutage(error)) lost++;
          else throw error;
        },
      );
    }
  };
  await Promise.all([1, 2, 3, 4].map(actor));
  t.diagnostic(`${done} done, ${refused} refused, ${lost} lost with their connection`);
  assert.ok(done > count / 5 && lost > 0);
  const { organization_id, partner_id } = home;
  assert.deepEqual(await wrongSums(portal.knex, organization_id), []);
  assert.deepEqual(await ledgerDifferences(portal.knex, organization_id), []);
  const kept = await portal.look(organization_id, (db) => db('balances').where({ partner_id }).first('amount'));
  assert.equal(kept.amount, await portal.look(organization_id, recount));
});
