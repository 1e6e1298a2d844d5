import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { draftInvoice, harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const about = (words: string) => (received: { text?: string | undefined }) => received.text?.includes(words) ?? false;

test('an action on an older version is refused, and the difference is shown', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const mayas = await portal.open(await portal.post.to(home.maya.email));
  const seen = /name="seen" value="(\w+)"/.exec((await mayas.get(`${invoice.url}/pay`)).text)?.[1];
  assert.ok(seen);
  const content = {
    ...{ issued_on: '2026-11-01', due_on: '2026-12-01', title: 'Reception fit-out', recipients: [home.maya.id] },
    lines: [{ description: 'Reception desk', unit_price: '130', tax_rate: '8' }],
  };
  await act(portal.knex, home.staff, invoice.id, 'revise', { content });
  const stale = await mayas
    .post(`${invoice.url}/pay`)
    .type('form')
    .send({ part: 'whole', method: 'card', seen })
    .expect(409);
  assert.match(stale.text, /This changed since you opened it/);
  assert.match(stale.text, /<del>\$108\.00<\/del>.*<ins>\$140\.40<\/ins>/s);
  const comment = await mayas
    .post(`${invoice.url}/comment`)
    .field('text', 'Before I pay: why more?')
    .field('seen', seen)
    .expect(409);
  assert.match(comment.text, /Before I pay: why more\?<\/textarea>/);
  const received = await portal.post.to(home.maya.email, about('new version'));
  assert.match(received.text ?? '', /\$140\.40/);
  const [first, second] = await portal.look(home.organization_id, (db) =>
    db('versions').where({ document_id: invoice.id }).orderBy('version').select('sha256', 'snapshot'),
  );
  assert.notEqual(first?.sha256, second?.sha256);
  assert.equal(first?.snapshot.total, 10_800);
});

test('an action that is not offered is refused', async () => {
  const home = await harbor(portal);
  const rival = await harbor(portal);
  const draft = await draftInvoice(portal, home);
  const maya = partnerActor(home, home.maya);
  const eve = partnerActor(rival, rival.maya);
  await assert.rejects(act(portal.knex, maya, draft, 'send'), { status: 404 });
  const { id } = await sentInvoice(portal, home);
  await assert.rejects(act(portal.knex, eve, id, 'comment', { text: 'Hello' }), { status: 404 });
  await assert.rejects(act(portal.knex, rival.staff, id, 'void', { reason: 'x' }), { status: 404 });
  await assert.rejects(act(portal.knex, maya, id, 'void', { reason: 'x' }), { status: 403 });
  await assert.rejects(act(portal.knex, maya, id, 'receive', { payment: id }), { status: 403 });
  await assert.rejects(act(portal.knex, home.staff, id, 'void', {}), { status: 422 });
  await assert.rejects(act(portal.knex, home.staff, id, 'constructor', {}), { status: 404 });
  await act(portal.knex, home.staff, id, 'void', { reason: 'Twice' });
  await assert.rejects(act(portal.knex, home.staff, id, 'void', { reason: 'Twice' }), { status: 409 });
});

test('if the change fails, neither activity nor email is stored', async () => {
  const home = await harbor(portal);
  const id = await draftInvoice(portal, home);
  const count = () =>
    portal.look(home.organization_id, async (db) => [
      (await db('activities').where({ subject_id: id })).length,
      (await db('emails').where({ subject_id: id })).length,
    ]);
  const before = await count();
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.maya.id }).update({ removed_at: db.fn.now() }),
  );
  await assert.rejects(act(portal.knex, home.staff, id, 'send'), { status: 422 });
  assert.deepEqual(await count(), before);
});

test('two clicks at once send only once, and numbers have no gaps', async () => {
  const home = await harbor(portal);
  const ids = await Promise.all(Array.from({ length: 6 }, () => draftInvoice(portal, home)));
  const twice = await Promise.allSettled([1, 2, 3].map(() => act(portal.knex, home.staff, ids[0] ?? '', 'send')));
  assert.deepEqual(twice.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected', 'rejected']);
  // They waited for the first and found it sent; no unique index had to stop them.
  for (const one of twice) if (one.status === 'rejected') assert.equal(one.reason.status, 409, one.reason);
  await Promise.all(ids.slice(1).map((id) => act(portal.knex, home.staff, id, 'send')));
  const numbers = await portal.look(home.organization_id, (db) =>
    db('documents').whereIn('id', ids).orderBy('number').pluck('number'),
  );
  assert.deepEqual(numbers, ['INV-0001', 'INV-0002', 'INV-0003', 'INV-0004', 'INV-0005', 'INV-0006']);
});
