import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import request from 'supertest';
import { deleteOldForms } from '../../src/acting/sent_forms.js';
import { openDatabase } from '../../src/db/database.js';
import { withActor } from '../../src/db/scope.js';
import { openSession } from '../../src/people/sessions.js';
import { startWeb } from '../../src/start/roles.js';
import { openWire } from '../bench/wire.js';
import { connectionTo } from '../support/database.js';
import { type Fields, press, shownTo, textOf } from '../support/forms.js';
import { draftInvoice, harbor, type Harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
});
after(() => portal.close());

const token = () => ({ form_token: randomUUID() });
const count = (table: string, where: object = {}) =>
  portal.look(home.organization_id, async (db) => (await db(table).where(where).select()).length);

/** Presses a button twice at the same moment, and once more when all is done. Returns where the answers lead. */
async function thrice(agent: Browser, path: string, fields: Fields): Promise<string> {
  const sent = { ...(await shownTo(agent, path)), ...fields, ...token() };
  const arrive = () => agent.post(path).type('form').send(sent);
  const answers = await Promise.all([arrive(), arrive()]);
  answers.push(await arrive());
  for (const { status, text } of answers) assert.equal(status, 303, `${path}: ${textOf(text)}`);
  const places = new Set(answers.map(({ headers }) => String(headers['location'])));
  assert.equal(places.size, 1, [...places].join(' '));
  return [...places].join('');
}

const contact = { name: 'Iris Bell', email: 'iris@maple.example', locale: 'en-US', time_zone: 'UTC' };
const PARTNER = { name: 'Bell & Sons', kind: 'customer', currency: 'USD', locale: 'en-US', terms_days: '30' };

test('the second arrival of a form answers as the first did, whatever it does', async () => {
  const invoice = await sentInvoice(portal, home);
  const estimate = await sentDocument(portal, home, 'estimate');
  const draft = await draftInvoice(portal, home);
  const documents = `/${home.slug}/documents`;
  const partner = `/${home.slug}/partners/${home.partner_id}`;

  await thrice(maya, `${invoice.url}/comment`, { text: 'Which day?', audience: 'shared' });
  await thrice(maya, `${invoice.url}/forward`, { name: 'Noa', email: 'noa@elsewhere.example' });
  const payment = { amount: '40.00', paid_on: '2026-11-20', method: 'Cash' };
  await thrice(olivia, `${invoice.url}/record_payment`, payment);
  await thrice(maya, `${invoice.url}/pay`, { part: 'part', amount: '10.00', method: 'card' });
  await thrice(maya, `${estimate.url}/accept`, {});
  const made = await thrice(olivia, `${estimate.url}/invoice`, {});
  await thrice(olivia, `${documents}/${draft}/send`, {});
  await thrice(olivia, `/${home.slug}/partners`, PARTNER);
  await thrice(olivia, `${partner}/contacts`, contact);
  await thrice(olivia, `/${home.slug}/projects`, { name: 'Annex', key: 'ANNEX', partner: home.partner_id });
  await thrice(olivia, `/${home.slug}/settings/saved-views`, { name: 'Mine', path: 'invoices?q=desk' });
  const view = await withActor(portal.knex, home.staff, (db) => db('saved_views').first('id'));
  await thrice(olivia, `/${home.slug}/settings/saved-views/${view.id}/remove`, {});
  const form = { title: 'Second floor', issued_on: '2026-11-01', currency: 'USD', save: '1' };
  await thrice(olivia, `/${home.slug}/estimates/new?partner=${home.partner_id}`, form);

  const once = {
    comments: { body: 'Which day?' },
    people: { email: 'noa@elsewhere.example' },
    partners: { name: 'Bell & Sons' },
    projects: { key: 'ANNEX' },
    documents: { title: 'Second floor' },
    versions: { document_id: draft },
  };
  for (const [table, where] of Object.entries(once)) assert.equal(await count(table, where), 1, table);
  assert.equal(await count('people', { email: contact.email }), 1);
  const done: string[] = await portal.look(home.organization_id, (db) =>
    db('activities').whereIn('action', ['record_payment', 'pay', 'accept', 'invoice', 'forward']).pluck('action'),
  );
  assert.deepEqual(done.toSorted(), ['accept', 'forward', 'invoice', 'pay', 'record_payment']);
  await olivia.get(made).expect(200);
});

test('a form that comes back with an error can be sent again; with other words it asks before it is done twice', async () => {
  const { url, id } = await sentInvoice(portal, home);
  const sent = { text: 'Is it in oak?', audience: 'shared', ...token() };
  const empty = await press(maya, `${url}/comment`, { ...sent, text: '' });
  assert.equal(empty.status, 422);
  await press(maya, `${url}/comment`, sent).expect(303);
  const other = await press(maya, `${url}/comment`, { ...sent, text: 'Is it in ash?' });
  assert.equal(other.status, 422);
  assert.match(
    other.text,
    /You already sent this form\..*Is it in ash\?|Is it in ash\?.*You already sent this form\./s,
  );
  const [, fresh = ''] =
    /id="composer"[^>]*><input type="hidden" name="form_token" value="([^"]+)"/.exec(other.text) ?? [];
  await press(maya, `${url}/comment`, { ...sent, text: 'Is it in ash?', form_token: fresh }).expect(303);
  // Another person's form, and another form of hers, are others.
  await press(olivia, `${url}/comment`, sent).expect(303);
  await press(maya, `${url}/comment`, { ...sent, ...token() }).expect(303);
  const { text } = await olivia.get(url).expect(200);
  const tokens = [
    ...text.matchAll(/<form[^>]*method="post"[^>]*><input type="hidden" name="form_token" value="(.+?)">/g),
  ];
  assert.equal(tokens.length, text.split('method="post"').length - 1);
  assert.equal(new Set(tokens.map(([, value]) => value)).size, tokens.length);
  assert.equal(await count('comments', { subject_id: id }), 4);
});

test('a program says by Idempotency-Key that it asks again', async () => {
  const { url, id } = await sentInvoice(portal, home);
  const ask = () =>
    olivia
      .post(`${url}/comment`)
      .set({ 'Idempotency-Key': '"8e03978e-40d5-43e8-bc93-6894a57f9324"', Accept: 'application/json' })
      .send({ text: 'By a program', audience: 'shared' })
      .expect(200);
  const [first, second] = [await ask(), await ask()];
  assert.deepEqual(second.body, first.body);
  assert.equal(await count('comments', { subject_id: id }), 1);
});

test('a draft that arrives again with more in it is the same draft', async () => {
  const path = `/${home.slug}/invoices/new?partner=${home.partner_id}`;
  const form = { title: 'Third floor', issued_on: '2026-11-01', currency: 'USD', save: '1', ...token() };
  const place = (await press(olivia, path, form).expect(303)).headers['location'];
  const again = await press(olivia, path, { ...form, title: 'Third floor and roof' }).expect(303);
  assert.equal(again.headers['location'], place);
  assert.equal(await count('documents', { title: 'Third floor' }), 0);
  assert.equal(await count('documents', { title: 'Third floor and roof' }), 1);
});

test('it costs no round trip, and old answers are deleted', async () => {
  const { url } = await sentInvoice(portal, home);
  const wire = await openWire(connectionTo(portal.database));
  const db = openDatabase({ ...connectionTo(portal.database), host: wire.host });
  const web = await startWeb({ ...portal.services, config: { ...portal.config, port: 0 }, db });
  const user = await portal.knex('users').where({ email: home.maya.email }).first('id');
  const cookie = `parley_session=${await openSession(portal.knex, user.id, 'test')}`;
  const comment = () =>
    request(`http://127.0.0.1:${web.port}`)
      .post(`${url}/comment`)
      .set('Cookie', cookie)
      .type('form')
      .send({ text: 'Once', audience: 'shared', ...token() })
      .expect(303);
  for (let i = 0; i < 3; i++) await comment();
  const before = wire.round_trips;
  await comment();
  assert.ok(wire.round_trips - before <= 4, `${wire.round_trips - before} round trips`);
  await web.stop();
  await db.close();
  await wire.close();

  const kept = await count('sent_forms');
  await portal.look(home.organization_id, (db) =>
    db('sent_forms')
      .limit(1)
      .update({ sent_at: db.raw(`now() - interval '31 days'`) }),
  );
  await deleteOldForms(portal.knex);
  assert.ok((await count('sent_forms')) < kept);
});
