import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { openSession } from '../../src/people/sessions.js';
import { decoded, errorsIn, post, press, refused, textOf } from '../support/forms.js';
import { harbor, type Harbor, partnerActor, sentDocument, sentInvoice } from '../support/harbor.js';
import { listenTo } from '../support/live.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const change = (home: Harbor, id: string, fields: object) =>
  portal.look(home.organization_id, (db) => db('people').where({ id }).update(fields));
const person = (home: Harbor, where: object) =>
  portal.look(home.organization_id, (db) => db('people').where(where).first());

test('a manager invites a colleague with no more than they have; staff are told, and can end it', async () => {
  const home = await harbor(portal);
  await change(home, home.maya.id, { role: 'manager', modules: ['quotes', 'invoices'] });
  const maya = await portal.signIn(home.maya.email);
  const all = `/${home.slug}/colleagues`;
  const form = (await maya.get(`${all}/new`).expect(200)).text;
  assert.match(form, /name="module_invoices"/);
  assert.doesNotMatch(form, /name="module_(orders|projects|bills)"/);
  const ida = { name: 'Ida Holm', email: `ida@${home.slug}.example`, role: 'accountant', message: 'Come in' };
  await refused(maya, all, 422, { ...ida, email: home.noah.email });
  assert.deepEqual(errorsIn(await refused(maya, all, 422, { ...ida, role: 'owner' })), ['Choose a role.']);
  await post(maya, all, { ...ida, module_invoices: 'on', module_orders: 'on' });
  const added = await person(home, { email: ida.email });
  assert.deepEqual([added.role, added.modules, added.partner_id], ['accountant', ['invoices'], home.partner_id]);
  await portal.post.to(ida.email, 'Come in');
  const told = await portal.post.to(home.olivia.email, 'Maya Chen invited Ida Holm');
  assert.match(told.text ?? '', /Accountant: Invoices\./);
  assert.match(textOf((await maya.get(all)).text), /Ida Holm .*Accountant Invoices Invited/);
  // Who is no manager sees who there is, and nothing to press.
  const noah = await portal.signIn(home.noah.email);
  assert.doesNotMatch((await noah.get(all).expect(200)).text, /colleagues\/new/);
  await refused(noah, `${all}/${added.id}/remove`, 403);
  await refused(maya, `${all}/${home.maya.id}/remove`, 422);
  await refused(maya, `${all}/${home.tom.id}/remove`, 404);
  await post(maya, `${all}/${home.noah.id}/remove`);
  await noah.get(`/${home.slug}`).expect(404);
  await portal.post.to(home.olivia.email, 'Maya Chen removed Noah Weiss');
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `/${home.slug}/partners/${home.partner_id}/contacts/${added.id}/remove`);
  assert.ok((await person(home, { id: added.id })).removed_at);
});

test('who may not use a module is told whom to ask; one press asks, once a day; the answer is one click', async () => {
  const home = await harbor(portal);
  await sentInvoice(portal, home);
  await change(home, home.noah.id, { modules: ['quotes'] });
  const noah = await portal.signIn(home.noah.email);
  const head = (await noah.get(`/${home.slug}`).expect(200)).text;
  assert.doesNotMatch(textOf(head), /To pay|Overdue/);
  const list = `/${home.slug}/invoices`;
  const refusal = textOf((await noah.get(list).expect(403)).text);
  assert.match(refusal, /Invoices isn’t shared with you Olivia Grant of Harbor & Pine can give you access/);
  await noah.get(`/${home.slug}/projects`).expect(403);
  const ask = `/${home.slug}/modules/invoices/ask`;
  const answer = await press(noah, ask, { return_to: list }).expect(303);
  assert.equal(answer.headers['location'], `${list}?done=requested`);
  await press(noah, ask, { return_to: list }).expect(303);
  assert.match(textOf((await noah.get(list).expect(403)).text), /You asked for it/);
  await refused(noah, `/${home.slug}/modules/bills/ask`, 404);
  const told = await portal.post.to(home.olivia.email, 'Noah Weiss asks to use Invoices');
  await portal.idle();
  const asked = portal.post.emails.filter(
    ({ recipient, subject }) => recipient === home.olivia.email && subject?.includes('asks to use'),
  );
  assert.equal(asked.length, 1);
  const [, path = ''] = /https?:\/\/[^/]+(\/\S+\/access\?allow=invoices)/.exec(told.text ?? '') ?? [];
  const olivia = await portal.signIn(home.olivia.email);
  const form = decoded((await olivia.get(path).expect(200)).text);
  assert.match(form, /name="module_invoices" value="on"\s+checked/);
  assert.doesNotMatch(form, /name="module_orders" value="on"\s+checked/);
  const access = path.split('?')[0] ?? '';
  await post(olivia, access, { role: 'viewer', module_quotes: 'on', module_invoices: 'on' });
  await noah.get(list).expect(200);
  await change(home, home.maya.id, { role: 'manager' });
  await post(olivia, access, { role: 'viewer', module_quotes: 'on' });
  assert.match(textOf((await noah.get(list).expect(403)).text), /Maya Chen can give you access: they manage/);
});

test('what is taken away is gone from an open page at once', async () => {
  const home = await harbor(portal);
  const estimate = await sentDocument(portal, home, 'estimate');
  const noah = await portal.signIn(home.noah.email);
  await noah.get(estimate.url).expect(200);
  const user = await portal.knex('users').where({ email: home.noah.email }).first('id');
  const cookie = `parley_session=${await openSession(portal.knex, user.id, 'test')}`;
  const stream = listenTo(`${portal.base_url}${estimate.url}/live`, cookie);
  await stream.open;
  const olivia = await portal.signIn(home.olivia.email);
  const access = `/${home.slug}/partners/${home.partner_id}/contacts/${home.noah.id}/access`;
  await post(olivia, access, { role: 'member', module_invoices: 'on' });
  await stream.ended;
  await noah.get(`${estimate.url}/live`).expect(404);
  await noah.get(estimate.url).expect(404);
  await refused(noah, `${estimate.url}/comment`, 404, { text: 'Still here?', seen: '' });
});

test('what the portal doesn’t show is nobody’s; a guest becomes a contact by one click', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const ines = { name: 'Ines Roth', email: `ines@${home.slug}.example` };
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'forward', ines);
  const olivia = await portal.signIn(home.olivia.email);
  const settings = `/${home.slug}/settings/organization/portal`;
  await refused(olivia, settings, 422, { terms: '', privacy: '' });
  await post(olivia, settings, { module_invoices: 'on', terms: '', privacy: '' });
  const maya = await portal.signIn(home.maya.email);
  const page = (await maya.get(`/${home.slug}`).expect(200)).text;
  assert.ok(page.includes(`/${home.slug}/invoices"`) && !page.includes(`/${home.slug}/estimates"`));
  await maya.get(`/${home.slug}/estimates`).expect(404);
  const guest = await person(home, { email: ines.email });
  const contact = `/${home.slug}/partners/${home.partner_id}/contacts/${guest.id}`;
  assert.match((await olivia.get(`/${home.slug}/partners/${home.partner_id}`)).text, /Make a contact/);
  await refused(olivia, `${contact}/invite`, 422);
  await post(olivia, `${contact}/full`);
  assert.equal((await person(home, { id: guest.id })).guest, false);
  await (await portal.signIn(ines.email)).get(`/${home.slug}/invoices`).expect(200, new RegExp(invoice.number));
});
