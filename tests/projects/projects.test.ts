import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { issueLinks } from '../../src/mail/links/issue_keys.js';
import { unsubscribeToken } from '../../src/mail/suppression/mute.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { addProject } from '../../src/projects/project.js';
import { press } from '../support/forms.js';
import { addVendor, harbor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a project shows its estimates, orders and invoices: each side sees its own, and how far they are paid', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/projects`;
  const post = (path: string, fields: object) => olivia.post(path).type('form').send(fields);
  await post(url, { name: '', key: 'a b', partner: '' })
    .expect(422)
    .expect(/Use up to 20 letters[\s\S]*Choose a customer\./);
  await post(url, { name: 'Reception', key: 'maple-1', partner: home.partner_id })
    .expect(303)
    .expect('Location', `${url}/MAPLE-1?done=saved`);
  await post(url, { name: 'Another', key: 'MAPLE-1', partner: home.partner_id })
    .expect(422)
    .expect(/already/);
  const empty = await olivia
    .get(`${url}/maple-1/finances`)
    .expect(200)
    .expect(/No documents yet/);
  const project = /project=([0-9a-f-]{36})/.exec(empty.text)?.[1] ?? '';
  const begun = await olivia
    .get(`/${home.slug}/estimates/new?partner=${home.partner_id}&project=${project}`)
    .expect(200);
  assert.match(begun.text, new RegExp(`value="${project}" selected`));

  const { vendor, erik } = await addVendor(portal, home);
  const make = async (type: string, partner_id: string, person: string, price: string) => {
    const fields = { title: type, project, recipients: [person], lines: [{ description: 'Desk', unit_price: price }] };
    return (await sentDocument(portal, { ...home, partner_id }, type, fields)).number;
  };
  const estimate = await make('estimate', home.partner_id, home.maya.id, '900');
  const invoice = await make('invoice', home.partner_id, home.maya.id, '300');
  const order = await make('purchase_order', vendor, erik, '120');
  await press(olivia, `/${home.slug}/documents/${invoice}/record_payment`, {
    amount: '100',
    paid_on: '2026-11-12',
    method: 'Cheque',
  }).expect(303);

  const page = await olivia.get(`${url}/MAPLE-1/finances`).expect(200);
  for (const words of [
    estimate,
    invoice,
    order,
    '$100.00 of $300.00 paid, last on November 12, 2026',
    'value="10000" max="30000"',
  ])
    assert.ok(page.text.includes(words), words);
  const mayas = await portal.signIn(home.maya.email);
  await mayas.get(`/${home.slug}/documents/${estimate}`).expect(/\/projects\/MAPLE-1/);
  const hers = await mayas.get(`${url}/MAPLE-1/finances`).expect(200);
  assert.match(hers.text, new RegExp(`${invoice}[\\s\\S]*${invoice}/pdf`));
  assert.doesNotMatch(hers.text, new RegExp(`${order}|Edit|New estimate`));
  await mayas.get(`/${home.slug}/documents/${invoice}/pdf`).expect(200).expect('Content-Type', /pdf/);
  await mayas.get(url).expect(/MAPLE-1/);

  const eriks = await portal.signIn('erik@northern.example');
  const his = await eriks.get(`${url}/MAPLE-1/finances`).expect(200);
  assert.match(his.text, new RegExp(order));
  assert.doesNotMatch(his.text, new RegExp(`${invoice}|${estimate}`));

  const stranger = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Another clinic', email: '' });
  await newContact(portal.knex, home.staff, stranger, { name: 'Eve', email: 'eve@rival.example' });
  const eves = await portal.signIn('eve@rival.example');
  await eves.get(`${url}/MAPLE-1/finances`).expect(404);
});

test('a link, an unsubscribe page, the desk and the mail room name a project and lead to its page', async () => {
  const home = await harbor(portal);
  const { organization_id, partner_id, maya, slug } = home;
  const url = `/${slug}/projects/MAPLE-7`;
  const id = await addProject(portal.knex, home.staff, { key: 'MAPLE-7', name: 'Ward', partner: partner_id });
  const on = { organization_id, subject_id: id, person_id: maya.id };
  const [activity_id, message_id, delivery] = [newId(), 'a'.repeat(32), newId()];
  const [token] = await portal.look(organization_id, async (db) => {
    await db('participants').insert(on);
    const event = { ...on, id: activity_id, partner_id, side: 'partner', action: 'comment' };
    await db('activities').insert(event);
    await db('comments').insert({ ...on, id: newId(), activity_id, audience: 'shared', body: 'When do you start?' });
    const email = { ...on, id: newId(), kind: 'event', activity_id, message_id, to_address: maya.email };
    await db('emails').insert({ ...email, state: 'accepted' });
    const message = { id: newId(), sha256: message_id, mail_from: maya.email, remote_ip: '', helo: '' };
    await db('inbound_messages').insert(message);
    const received = { ...on, id: delivery, message_id: message.id, sha256: message.sha256, recipient: 'reply@x' };
    await db('inbound_deliveries').insert({ ...received, state: 'held', subject: 'Re: Ward' });
    return issueLinks(db, portal.services.secret, organization_id, [email]);
  });

  await portal.browser().get(`/in/${token}`).expect(303).expect('Location', url);
  const unsubscribe = `/unsubscribe/${unsubscribeToken(portal.services.secret, message_id)}`;
  await portal
    .browser()
    .get(unsubscribe)
    .expect(200)
    .expect(/project MAPLE-7/);
  await portal.browser().post(unsubscribe).expect(200);
  const participant = await portal.look(organization_id, (db) => db('participants').where(on).first());
  assert.ok(participant.muted_at);
  const olivia = await portal.signIn(home.olivia.email);
  const desk = await olivia.get(`/${slug}/desk`).expect(200);
  assert.match(desk.text, new RegExp(`Maya Chen wrote about project MAPLE-7[\\s\\S]*href="${url}/comments#composer"`));
  await olivia
    .get(`/${slug}/mail-room/${delivery}`)
    .expect(200)
    .expect(new RegExp(`href="${url}"`));
});
