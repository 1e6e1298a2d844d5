import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { actingAs, setActor, systemActor, withActor } from '../../src/db/scope.js';
import { types } from '../../src/document_types/index.js';
import { newId } from '../../src/db/ids.js';
import { draftInvoice, harbor, type Harbor, partnerActor, sentDocument, sentInvoice } from '../support/harbor.js';
import { press, seenOn, shownTo } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

test('it returns what it made: the activity, the comment, what was created', async () => {
  const { knex } = portal;
  const estimate = await sentDocument(portal, home, 'estimate');
  const said = await act(knex, home.staff, estimate.id, 'comment', { text: 'Which wood?' });
  const comment = await portal.look(home.organization_id, (db) =>
    db('comments')
      .where({ id: String(said.comment_id) })
      .first(),
  );
  assert.deepEqual([comment.body, comment.activity_id], ['Which wood?', said.activity_id]);
  await act(knex, partnerActor(home, home.maya), estimate.id, 'accept');
  const { created_id } = await act(knex, home.staff, estimate.id, 'invoice');
  const created = await portal.look(home.organization_id, (db) =>
    db('documents')
      .where({ id: String(created_id) })
      .first(),
  );
  assert.deepEqual([created.type, created.origin_id], ['invoice', estimate.id]);
  const message = { reason: 'Another room', message: 'not asked for' };
  assert.equal((await act(knex, home.staff, estimate.id, 'void', message)).comment_id, null);
});

test('it leaves the transaction’s actor as it found it, also when it refuses', async () => {
  const invoice = await sentInvoice(portal, home);
  const maya = partnerActor(home, home.maya);
  await withActor(portal.knex, maya, async (db) => {
    const now = async () => {
      const { rows } = await db.raw(`select app_side() as side, app_person() as person, app_partner() as partner`);
      return rows[0];
    };
    const before = await now();
    assert.deepEqual(before, { side: 'partner', person: home.maya.id, partner: home.partner_id });
    await act(db, home.staff, invoice.id, 'comment', { text: 'From somebody else' });
    assert.deepEqual(await now(), before);
    await assert.rejects(act(db, maya, invoice.id, 'void', { reason: 'x' }), { status: 403 });
    assert.deepEqual(await now(), before);
    await assert.rejects(act(db, home.staff, invoice.id, 'void', {}), { status: 422 });
    assert.deepEqual(await now(), before);
    await actingAs(db, systemActor(home.organization_id), async () => {
      await setActor(db, home.staff);
      assert.equal((await now()).side, 'staff');
    });
    assert.deepEqual(await now(), before);
  });
});

test('it takes plain typed input, and says by its path what is wrong with it', async () => {
  const { id } = await sentInvoice(portal, home);
  const pay = (input: object) => act(portal.knex, home.staff, id, 'record_payment', input as Record<string, unknown>);
  const fields = { amount: 'Give an amount above zero.', paid_on: 'Give a date.', method: 'Fill this in.' };
  await assert.rejects(pay({ amount: '12.00', paid_on: '2026-02-30' }), { status: 422, fields });
  const lines = [{ description: 'Desk', unit_price: '1,000.00' }];
  const content = { issued_on: '2026-11-01', lines, recipients: [home.maya.id] };
  const revised = act(portal.knex, home.staff, id, 'revise', { content });
  await assert.rejects(revised, { fields: { 'content.lines.0.unit_price': 'Give a number.' } });
  await pay({ amount: 4000, paid_on: '2026-11-20', method: 'Cash' });
});

test('a program posts JSON to the address of the form, and gets what was made or problem details', async () => {
  const { id, url } = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const program = async (action: string, body: object, status: number) => {
    const shown = await shownTo(olivia, `${url}/${action}`);
    return olivia
      .post(`${url}/${action}`)
      .send({ ...shown, ...body })
      .expect(status);
  };
  const paid = { amount: 4000, paid_on: '2026-11-20', method: 'Bank transfer' };
  const done = await program('record_payment', paid, 200);
  assert.match(done.body.activity_id, /^[0-9a-f-]{36}$/);
  assert.equal(done.body.url, url);
  const wrong = await program('record_payment', { ...paid, amount: 'all' }, 422);
  assert.match(String(wrong.headers['content-type']), /^application\/problem\+json/);
  assert.deepEqual(wrong.body.errors, { amount: 'Give an amount above zero.' });
  assert.equal(wrong.body.status, 422);
  assert.match((await program('frobnicate', {}, 404)).type, /problem\+json/);
  const mayas = await portal.signIn(home.maya.email);
  const refused = await mayas.post(`${url}/void`).send({ reason: 'x' }).expect(403);
  assert.equal(refused.body.detail, 'Only Harbor & Pine can do this. Ask Olivia Grant.');
  const seen = seenOn(await mayas.get(`${url}/pay`));
  const paying = await mayas.post(`${url}/pay`).send({ method: 'card', seen }).expect(200);
  assert.match(paying.body.redirect, /^\/sandbox\/checkout\//);
  const content = { issued_on: '2026-11-01', lines: [{ description: 'Desk', unit_price: '130' }] };
  await act(portal.knex, home.staff, (await sentInvoice(portal, home)).id, 'comment', { text: 'Another one' });
  const other = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, other.id, 'revise', { content: { ...content, recipients: [home.maya.id] } });
  const stale = await mayas.post(`${other.url}/pay`).send({ method: 'card', seen }).expect(409);
  assert.match(stale.body.detail, /This changed since you opened it/);
  // What others stored can't be named: files come by a form alone.
  const file = { sha256: 'a'.repeat(64), name: 'x', content_type: 'text/plain', declared_type: '', size: 1 };
  await program('comment', { text: 'A file', files: [file] }, 200);
  const files = await portal.look(home.organization_id, (db) => db('files').where({ subject_id: id, version: null }));
  assert.deepEqual(files, []);
});

test('what only a program can send is cleaned, or named by its path in its reader’s language', async () => {
  const { id, url } = await sentInvoice(portal, home);
  const draft = await draftInvoice(portal, home);
  const tom = await portal.signIn(home.tom.email);
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.tom.id }).update({ locale: 'de-DE', role: 'manager' }),
  );
  // Half of a character (RFC 8259 §8.2), which PostgreSQL refuses.
  const seen = seenOn(await tom.get(url));
  const typed = `{"seen": "${seen}", "reason": "Twice\\ud800"}`;
  await tom.post(`${url}/void`).set('Content-Type', 'application/json').send(typed).expect(200);
  const [voided] = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: id, action: 'void' }).select('details'),
  );
  assert.equal(voided?.details.reason, 'Twice\ufffd');
  const late = await tom.post(`${url}/void`).send({ reason: 'x' }).expect(409);
  assert.match(late.body.detail, /^INV-\d+ ist „Storniert“: Das ist jetzt nicht mehr möglich\.$/);
  const edit = (content: object) => tom.post(`/${home.slug}/documents/${draft}/edit`).send({ content });
  const wrong = { title: 5, lines: 'none', recipients: {}, partial_payments: 'yes', issued_on: '2026-11-01' };
  const { body } = await edit(wrong).expect(422);
  assert.deepEqual(body.errors, {
    'content.title': 'Geben Sie einen Text an.',
    'content.partial_payments': 'Geben Sie true oder false an.',
    'content.lines': 'Geben Sie eine Liste an.',
    'content.recipients': 'Geben Sie eine Liste an.',
  });
  const nobody = await edit({ issued_on: '2026-11-01', recipients: [newId()] }).expect(422);
  assert.deepEqual(Object.keys(nobody.body.errors), ['content.recipients']);
  const nowhere = await edit({ issued_on: '2026-11-01', project: newId() }).expect(422);
  assert.deepEqual(Object.keys(nowhere.body.errors), ['content.project']);
});

test('JSON that can’t be read, or of another kind, is a problem of its sender', async () => {
  const { url } = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const sent = (body: string) => olivia.post(`${url}/comment`).set('Content-Type', 'application/json').send(body);
  for (const body of ['{"text": ', '[]', '"text"', '{"text": {"a": 1}}', '{"__proto__": {"text": "x"}}']) {
    const { status } = await sent(body);
    assert.ok(status === 400 || status === 422, `${body}: ${status}`);
  }
});

test('each effect is asked for what it takes', () => {
  // What an effect can't do without, by its schema in documents/effects.
  const needs: Record<string, string[]> = {
    'start payment': ['method'],
    'payment outcome': ['payment'],
    remit: ['amount', 'paid_on', 'method'],
    forward: ['name', 'email'],
    refund: ['amount'],
    'apply credit': ['amount'],
    schedule: ['pay_on'],
    award: ['awards'],
    detach: ['file'],
  };
  for (const { name, actions } of types)
    for (const [action, { effect, asks }] of Object.entries(actions))
      for (const field of needs[effect ?? ''] ?? [])
        assert.ok(
          asks?.shape[field] ?? (field === 'method' && asks?.shape['stored']),
          `${name}.${action} is not asked for "${field}"`,
        );
});

test('a form comes back with its message beside the field, and what was typed', async () => {
  const { url } = await sentInvoice(portal, home);
  const olivia = await portal.signIn(home.olivia.email);
  const typed = { amount: 'forty', paid_on: '2026-11-31', method: 'Cash in hand' };
  const { text, status } = await press(olivia, `${url}/record_payment`, typed);
  assert.equal(status, 422);
  for (const words of ['Give an amount above zero.', 'Give a date.', 'value="forty"', 'value="Cash in hand"'])
    assert.ok(text.includes(words), words);
});
