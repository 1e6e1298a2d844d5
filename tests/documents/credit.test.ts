import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { systemActor, withActor } from '../../src/db/scope.js';
import { readContent } from '../../src/documents/content/content_store.js';
import { findDocument } from '../../src/documents/content/document.js';
import { applyCreditTo } from '../../src/documents/effects/money/credit.js';
import { day } from '../support/days.js';
import { press } from '../support/forms.js';
import { harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type ContentFields } from '../../src/document_types/shared/inputs.js';
import { openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

let portal: Portal;
let home: Harbor;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});

after(() => portal.close());

const sent = (type: string, fields: Partial<ContentFields> = {}, of = home) => sentDocument(portal, of, type, fields);

const costing = (unit_price: string) => ({ lines: [{ description: 'Desk', unit_price }] });

const about =
  (number: string, words = '') =>
  (received: { subject?: string | undefined; text?: string | undefined }) =>
    Boolean(received.subject?.includes(number) && received.text?.includes(words));

test('a retainer that is paid becomes credit, and pays an invoice; a credit note does, too, and the rest is refunded', async () => {
  const own = await harbor(portal);
  const olivias = await portal.signIn(own.olivia.email);
  const retainer = await sent('retainer_invoice', costing('50.00'), own);
  const paid = { paid_on: day(0), method: 'Bank transfer' };
  await press(olivias, `${retainer.url}/record_payment`, { ...paid, amount: '50.00' }).expect(303);
  const note = await sent('credit_note', costing('40.00'), own);
  const invoice = await sent('invoice', costing('75.00'), own);
  await press(olivias, `${invoice.url}/apply_credit`, { amount: '80.00' }).expect(422);
  await press(olivias, `${invoice.url}/apply_credit`, { amount: '75.00' }).expect(303);
  const rows = await portal.look(own.organization_id, (db) =>
    db('documents').whereIn('id', [invoice.id, note.id]).orderBy('id').select('state'),
  );
  assert.deepEqual(
    rows.map(({ state }: { state: string }) => state),
    ['sent', 'paid'],
  );
  const second = await sent('invoice', costing('10.00'), own);
  await press(olivias, `${note.url}/apply`, { invoice: 'INV-9999', amount: '10.00' })
    .expect(422)
    .expect(/Give the number of an open invoice/);
  await press(olivias, `${note.url}/apply`, { invoice: second.number, amount: '10.00' }).expect(303);
  await press(olivias, `${note.url}/refund`, { ...paid, amount: '6.00' })
    .expect(422)
    .expect(/more than is left/);
  await press(olivias, `${note.url}/refund`, { ...paid, amount: '5.00' }).expect(303);
  const left = await portal.look(own.organization_id, (db) => db('documents').where({ id: note.id }).first('state'));
  assert.equal(left.state, 'applied');
  const sum = await portal.look(own.organization_id, (db) => db('ledger_entries').sum('amount as sum').first());
  assert.equal(Number(sum?.['sum']), 0);
  await portal.post.to(own.maya.email, about(second.number));
});

test('a credit note is not used up by an invoice that is paid meanwhile', async () => {
  const own = await harbor(portal);
  const note = await sent('credit_note', costing('40.00'), own);
  const invoice = await sent('invoice', costing('40.00'), own);
  const olivias = await portal.signIn(own.olivia.email);
  const applying = await withActor(portal.knex, own.staff, async (db) => {
    await act(db, own.staff, invoice.id, 'record_payment', { amount: 4000, paid_on: day(0), method: 'Cash' });
    // Not committed yet: the credit waits for it.
    const apply = press(olivias, `${note.url}/apply`, { invoice: invoice.number, amount: '40.00' }).then((one) => one);
    await until('the credit to wait', async () => {
      const { rows } = await portal.knex.raw(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    return { apply };
  });
  assert.equal((await applying.apply).status, 422);
  const kept = await portal.look(own.organization_id, (db) => db('documents').where({ id: note.id }).first('state'));
  assert.equal(kept.state, 'sent');
});

test('an invoice number that is nobody’s is an error in the form; an error of the database is not', async () => {
  const own = await harbor(portal);
  const note = await sent('credit_note', costing('40.00'), own);
  const invoice = await sent('invoice', costing('75.00'), own);
  const document = await portal.look(own.organization_id, (db) =>
    findDocument(db, systemActor(own.organization_id), note.id),
  );
  const apply = (number: string) =>
    portal.look(own.organization_id, async (db) => {
      await db.raw('set local lock_timeout = 1');
      await applyCreditTo(db, { document, input: { invoice: number, amount: 4000 } } as never);
    });
  const wrong = { status: 422, fields: { invoice: 'Give the number of an open invoice of this customer.' } };
  await assert.rejects(apply('INV-9999'), wrong);
  await assert.rejects(apply(note.number), wrong);
  const blocker = await portal.knex.transaction();
  await blocker.raw('lock table documents in access exclusive mode');
  // 55P03: lock not available. As a deadlock, it has nothing to do with the number.
  await assert.rejects(apply(invoice.number), { code: '55P03' }).finally(() => blocker.rollback());
  await apply(invoice.number);
});

test('a credit note of an invoice with something taken off is edited, and stays above zero', async () => {
  const own = await harbor(portal);
  const lines = [
    { description: 'Garden care', unit_price: '40.00' },
    { description: 'Not used', unit_price: '-10.00' },
  ];
  const invoice = await sent('invoice', { lines }, own);
  const { created_id } = await act(portal.knex, own.staff, invoice.id, 'credit_note');
  const note = String(created_id);
  const content = await withActor(portal.knex, own.staff, (db) =>
    readContent(db, { organization_id: own.organization_id, id: note }),
  );
  const edit = (fields: object) =>
    act(portal.knex, own.staff, note, 'edit', { content: { ...content, recipients: [own.maya.id], ...fields } });
  await edit({ title: 'Goodwill' });
  await assert.rejects(edit({ lines: content.lines.slice(1) }), /The total must be a positive amount/);
  const made = await portal.look(own.organization_id, (db) =>
    db('documents').where({ id: note }).first('title', 'total'),
  );
  assert.deepEqual(made, { title: 'Goodwill', total: 3000 });
});
