import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemActor, withActor } from '../../src/db/scope.js';
import { act } from '../../src/act.js';
import { addPartner, changeContact, newContact, removeContact } from '../../src/people/partner.js';
import { draftInvoice, emailedInvoice, harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('opening a link changes nothing and does not use it up, however often', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const scanner = portal.browser();
  for (let i = 0; i < 20; i++) await (i % 2 ? scanner.get(received.link) : scanner.head(received.link));
  await portal.browser().get(received.link).set('Sec-Purpose', 'prefetch').expect(303);
  assert.deepEqual(await portal.knex('sessions').select(), []);
  const viewed = await portal.look(home.organization_id, (db) => db('activities').where({ action: 'view' }).select());
  assert.deepEqual(viewed, []);
  const mayas = await portal.open(received);
  await mayas.get(invoice.url).expect(200);
});

test('a link’s secret leaves the URL at once, and no page passes it on', async () => {
  const { invoice, received } = await emailedInvoice(portal);
  const agent = portal.browser();
  const answer = await agent.get(received.link).expect(303);
  assert.equal(answer.headers['location'], invoice.url);
  assert.match(String(answer.headers['set-cookie']), /HttpOnly; SameSite=Lax/);
  const page = await agent.get(invoice.url).expect(200);
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.equal(page.headers['cache-control'], 'private, no-store');
  assert.equal(page.headers['x-robots-tag'], 'noindex');
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/);
  assert.ok(!page.text.includes(received.link.split('/').at(-1) ?? '?'));
});

test('staff are notified once that a document was viewed, and its page shows it', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const mayas = await portal.open(received);
  for (let i = 0; i < 3; i++) await mayas.post(`${invoice.url}/view`).expect(204);
  await portal.idle();
  const emails = portal.post.emails.filter(
    (one) => one.recipient === home.olivia.email && one.text?.includes('Maya Chen looked at'),
  );
  assert.equal(emails.length, 1);
  const olivias = await portal.signIn(home.olivia.email);
  await olivias.get(invoice.url).expect(/Opened/);
});

test('an expired link offers a fresh one by email, which opens the same page', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  await portal.look(home.organization_id, (db) =>
    db('links')
      .where({ person_id: home.maya.id })
      .update({ expires_at: new Date(0) }),
  );
  const stale = await portal.browser().get(received.link).expect(410);
  assert.ok(!stale.text.includes(home.maya.email), 'the address is not shown whole');
  const token = received.link.split('/').at(-1);
  for (let i = 0; i < 6; i++) await portal.browser().post('/fresh-link').type('form').send({ token }).expect(200);
  const fresh = await portal.post.to(home.maya.email, 'fresh link');
  assert.equal((await portal.open(fresh)).page, invoice.url);
  await portal.idle();
  assert.equal(
    portal.post.emails.filter((one) => one.recipient === home.maya.email).length,
    4,
    'at most three an hour',
  );
});

test('a removed contact sees nothing from the next request on', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const mayas = await portal.open(received);
  const signedIn = await portal.signIn(home.maya.email);
  await removeContact(portal.knex, home.staff, home.partner_id, home.maya.id);
  await mayas.get(invoice.url).expect(303);
  await signedIn.get(invoice.url).expect(404);
  await portal.browser().get(received.link).expect(410);
});

test('queued mail goes to the corrected address, and its link opens nothing for the wrong one', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  const invoice = await sentInvoice(portal, home);
  await portal.idle();
  const waiting = await portal.look(home.organization_id, (db) =>
    db('emails').where({ state: 'queued' }).whereNot({ detail: '' }).first(),
  );
  const address = home.maya.email.replace('maya', 'maya.chen');
  await changeContact(portal.knex, home.staff, home.partner_id, home.maya.id, { name: home.maya.name, email: address });
  portal.post.answer = null;
  await portal.runJobsNow();
  const received = await portal.post.to(address);
  assert.equal((await portal.open(received)).page, invoice.url);
  assert.ok(!received.messageId?.includes(waiting.message_id));
  await portal.idle();
  assert.ok(!portal.post.emails.some(({ recipient }) => recipient === home.maya.email));
});

test('by a link, staff see that document alone, and no file of another', async () => {
  const { home, invoice } = await emailedInvoice(portal);
  const other = await sentInvoice(portal, home);
  const bytes = await portal.services.storage.put(Buffer.from('a plan'), 'plan.txt', 'text/plain');
  await act(portal.knex, home.staff, other.id, 'comment', { text: 'The plan', files: [bytes] });
  const file = await portal.look(home.organization_id, (db) =>
    db('files').where({ subject_id: other.id }).whereNotNull('comment_id').first(),
  );
  const maya = {
    ...systemActor(home.organization_id, home.maya.id),
    side: 'partner' as const,
    role: 'member' as const,
    partner_id: home.partner_id,
  };
  await act(portal.knex, maya, invoice.id, 'comment', { text: 'Thank you' });
  const forwarded = await portal.open(await portal.post.to(home.olivia.email, 'Thank you'));
  await forwarded.get(invoice.url).expect(200);
  await forwarded.get(`/${home.slug}/files/${file.id}/plan.txt`).expect(404);
  const link = { ...home.staff, assurance: 'link' as const, subject_ids: [invoice.id] };
  await portal.idle();
  for (const [table, column] of [
    ['subjects', 'id'],
    ['lines', 'document_id'],
    ['participants', 'subject_id'],
    ['versions', 'document_id'],
    ['activities', 'subject_id'],
    ['comments', 'subject_id'],
    ['files', 'subject_id'],
    ['ledger_entries', 'document_id'],
    ['notifications', 'subject_id'],
    ['subject_words', 'subject_id'],
  ] as const) {
    const all = await portal.look(home.organization_id, (db) => db(table).distinct().pluck(column));
    assert.ok(all.includes(other.id), `nothing in ${table} could be seen`);
    const seen = await withActor(portal.knex, link, (db) => db(table).distinct().pluck(column));
    assert.deepEqual(
      seen.filter((id) => id !== invoice.id),
      [],
      table,
    );
  }
});

async function otherPartnersInvoice(home: Harbor) {
  const partner_id = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const lena = { name: 'Lena Vogt', email: `lena.${home.slug}@aurora.example` };
  const recipients = [await newContact(portal.knex, home.staff, partner_id, lena)];
  return sentInvoice(portal, { ...home, partner_id }, { recipients });
}

test('a forwarded link opens its one page; more pages and risky actions ask for a code', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const { url: second } = await sentInvoice(portal, home);
  const colleague = await portal.open(received);
  // Theirs, but not what the link opens: one more step. What isn't theirs is not there.
  await colleague
    .get(second)
    .expect(303)
    .expect('Location', `/verify?return_to=${encodeURIComponent(second)}`);
  const verify = await colleague.get(`/verify?return_to=${encodeURIComponent(second)}`).expect(200);
  assert.match(verify.text, new RegExp(`href="${invoice.url}"`), 'the way back is to what the link opens');
  await colleague.get(`/${home.slug}/documents/${await draftInvoice(portal, home)}`).expect(404);
  await colleague.get((await otherPartnersInvoice(home)).url).expect(404);
  await colleague.get(`${second}/live`).expect(404);
  await colleague
    .get(`/${home.slug}/invoices`)
    .expect(303)
    .expect('Location', /^\/verify\?return_to=/);
  await colleague
    .post(`${invoice.url}/forward`)
    .type('form')
    .send({ name: 'Eve', email: 'eve@rival.example' })
    .expect(403);
  await colleague.post('/verify').type('form').send({ return_to: invoice.url }).expect(303);
  const code = await portal.post.to(home.maya.email, ({ subject }) => /^\d{6} /.test(subject ?? ''));
  await colleague
    .post('/sign-in/code')
    .type('form')
    .send({ code: code.subject?.slice(0, 6) })
    .expect(303)
    .expect('Location', invoice.url);
  await colleague
    .post(`${invoice.url}/forward`)
    .type('form')
    .send({ name: 'Ines Ott', email: 'ines@maple.example', message: 'For your files' })
    .expect(303);
  const forwarded = await portal.post.to('ines@maple.example');
  assert.match(forwarded.text ?? '', /Maya Chen forwarded invoice/);
  assert.equal((await portal.open(forwarded)).page, invoice.url);
  await portal.post.to(home.olivia.email, 'forwarded invoice');
});

test('a link for somebody else asks whom to continue as; signing out ends the session on the server', async () => {
  const { home, invoice, received } = await emailedInvoice(portal);
  const agent = await portal.signIn(home.olivia.email);
  const page = await agent.get(received.link).expect(200);
  assert.match(page.text, /Continue as Maya Chen/);
  await agent
    .post('/switch')
    .type('form')
    .send({ token: received.link.split('/').at(-1) })
    .expect(303)
    .expect('Location', invoice.url);
  await agent.get(invoice.url).expect(200).expect(/Maya/);
  await agent.get(`/${home.slug}/desk`).expect(404);
  const again = await portal.signIn(home.olivia.email);
  await again.post('/sign-out').expect(303);
  await again.get(`/${home.slug}/desk`).expect(303);
});
