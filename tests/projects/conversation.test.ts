import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addPartner, newContact, removeContact } from '../../src/people/partner.js';
import { addProject } from '../../src/projects/project.js';
import { press, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, partnerActor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let northern: Awaited<ReturnType<typeof addVendor>>;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  northern = await addVendor(portal, home);
});
after(() => portal.close());

let made = 0;

async function project() {
  const key = `FITOUT-${++made}`;
  const fields = { key, name: 'Reception fit-out', partner: home.partner_id };
  const id = await addProject(portal.knex, home.staff, fields);
  return { id, key, url: `/${home.slug}/projects/${key}` };
}

test('a customer is added to a project, and gets an email with a link to it', async () => {
  const { key, url } = await project();
  const page = await olivia.get(`${url}/comments`).expect(200);
  assert.match(textOf(page.text), /Who takes part Olivia Grant/);
  const fields = { person: home.maya.id, message: 'Everything about the fit-out is here.' };
  await press(olivia, `${url}/add_person`, fields).expect(303);
  const received = await portal.post.to(home.maya.email, key);
  assert.match(received.subject ?? '', /\[Harbor & Pine\] Project FITOUT-1/);
  assert.match(received.text ?? '', /Olivia Grant added you to project FITOUT-1[\s\S]*Everything about the fit-out/);
  assert.match(received.text ?? '', /View project/);
  const mayas = await portal.open(received);
  const opened = await mayas.get(`${url}/comments`).expect(200);
  assert.match(textOf(opened.text), /Everything about the fit-out is here\./);
  assert.match(
    textOf((await mayas.get(`${url}/finances`).expect(200)).text),
    /More of this project .* Email me a code/,
  );
  // The link opens the project and nothing else.
  await mayas.get(`/${home.slug}/projects`).expect(303);
});

test('a reply by email becomes a comment on the project, and is answered from the desk', async () => {
  const { id, key, url } = await project();
  await act(portal.knex, home.staff, id, 'add_person', { person: home.maya.id });
  const received = await portal.post.to(home.maya.email, key);
  await portal.reply(received, 'Can the painters come on Monday?');
  const told = await portal.post.to(home.olivia.email, 'painters');
  assert.match(told.text ?? '', /Maya Chen wrote to you about project/);
  const page = await olivia.get(`${url}/comments`).expect(200);
  assert.match(textOf(page.text), /Maya Chen by email, verified .* Can the painters come on Monday\?/);
  await press(olivia, `${url}/comment`, { text: 'Monday at eight, @Maya Chen.', audience: 'shared' }).expect(303);
  const answer = await portal.post.to(home.maya.email, 'Monday at eight');
  // One thread: both messages name the same root.
  const root = (references: string | string[] | undefined) => [references].flat()[0];
  assert.equal(root(answer.references), root(received.references));
});

test('an internal note stays with staff; files and a view are the project’s, too', async () => {
  const { id, key, url } = await project();
  await act(portal.knex, home.staff, id, 'add_person', { person: home.maya.id });
  const mayas = await portal.open(await portal.post.to(home.maya.email, key));
  await olivia.post(`${url}/comment`).field('text', 'Margin is thin.').field('audience', 'internal').expect(303);
  await olivia
    .post(`${url}/comment`)
    .field('text', 'The plan')
    .attach('files', Buffer.from('a plan'), 'plan.txt')
    .expect(303);
  const hers = await mayas.get(`${url}/comments`).expect(200);
  assert.doesNotMatch(hers.text, /Margin is thin/);
  const file = /href="(\/[^"]*plan\.txt)"/.exec(hers.text)?.[1] ?? '';
  await mayas.get(file).expect(200);
  await mayas.post(`${url}/view`).expect(204);
  const [viewed] = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: id, action: 'view' }).select('person_id'),
  );
  assert.equal(viewed?.person_id, home.maya.id);
});

test('a new key is its new address, for a form and for a program', async () => {
  const { url } = await project();
  const fields = { name: 'Ward', partner: home.partner_id };
  const saved = await press(olivia, `${url}/change`, { ...fields, key: ' ward-a ' }).expect(303);
  assert.equal(saved.headers['location'], `/${home.slug}/projects/WARD-A?done=saved`);
  const { body } = await olivia.post(`/${home.slug}/projects/WARD-A/change`).send({ ...fields, key: 'WARD-B' });
  assert.deepEqual([body.number, body.url], ['WARD-B', `/${home.slug}/projects/WARD-B`]);
  await olivia.get(body.url).expect(200);
});

test('what was written to one customer never becomes another’s', async () => {
  const { id, key, url } = await project();
  const other = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const change = (partner: string) => act(portal.knex, home.staff, id, 'change', { name: 'Fit-out', key, partner });
  await act(portal.knex, home.staff, id, 'comment', { text: 'For us alone', audience: 'internal' });
  // Begun for the wrong one: nobody there has heard of it yet.
  await change(other);
  await change(home.partner_id);
  await act(portal.knex, home.staff, id, 'comment', { text: 'Your discount is 20 %.' });
  const typed = { name: 'Fit-out', key, partner: other };
  const { text } = await press(olivia, `${url}/change`, typed).expect(422);
  assert.match(textOf(text), /Customer .*This project is shared with Maple Street Clinic already\./);
  await change(home.partner_id);
});

test('who is added gets the email of it; who takes part already does not', async () => {
  const { id } = await project();
  await act(portal.knex, home.staff, id, 'add_person', { person: home.maya.id });
  await act(portal.knex, home.staff, id, 'add_person', { person: home.noah.id });
  const emails = await portal.look(home.organization_id, (db) => db('emails').where({ subject_id: id }).orderBy('id'));
  assert.deepEqual(
    emails.map(({ person_id }) => person_id),
    [home.maya.id, home.noah.id],
  );
});

test('who is removed by staff hears nothing more of it, and their link ends', async () => {
  const { id, url } = await project();
  await act(portal.knex, home.staff, id, 'add_person', { person: home.maya.id });
  await act(portal.knex, home.staff, id, 'add_person', { person: home.noah.id });
  const key = url.split('/').at(-1) ?? '';
  const received = await portal.post.to(home.noah.email, ({ subject }) => subject?.includes(key) ?? false);
  const page = await olivia.get(`${url}/comments`).expect(200);
  assert.match(page.text, new RegExp(`name="person" value="${home.noah.id}"[^]*Remove`));
  await press(olivia, `${url}/remove_person`, { person: home.noah.id }).expect(303);
  await press(olivia, `${url}/remove_person`, { person: home.noah.id }).expect(422);
  await portal.browser().get(received.link).expect(410);
  await act(portal.knex, home.staff, id, 'comment', { text: 'Now we are fewer, @Maya Chen' });
  await portal.post.to(home.maya.email, 'Now we are fewer');
  await portal.idle();
  assert.ok(!portal.post.emails.some((one) => one.recipient === home.noah.email && /fewer/.test(one.text ?? '')));
  const mayas = await portal.signIn(home.maya.email);
  await press(mayas, `${url}/remove_person`, { person: home.maya.id }).expect(403);
  assert.doesNotMatch((await mayas.get(`${url}/comments`).expect(200)).text, /remove_person|removed Noah/);
});

test('adding somebody a second time sends nothing', async () => {
  const { id, url } = await project();
  const add = () => press(olivia, `${url}/add_person`, { person: home.noah.id });
  const twice = await Promise.all([add(), add()]);
  assert.deepEqual(
    twice.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422],
  );
  assert.match(twice.find(({ status }) => status === 422)?.text ?? '', /Noah Weiss takes part already\./);
  const emails = await portal.look(home.organization_id, (db) =>
    db('emails').where({ subject_id: id, person_id: home.noah.id }),
  );
  assert.equal(emails.length, 1);
});

test('what can’t be used comes back in its form; what is not theirs is refused', async () => {
  const { id, url } = await project();
  const empty = await press(olivia, `${url}/comment`, { text: '', audience: 'shared' }).expect(422);
  assert.match(empty.text, /Write something, or attach a file\./);
  const nobody = await press(olivia, `${url}/add_person`, { person: '', message: 'Welcome' }).expect(422);
  assert.match(nobody.text, /Choose a person\./);
  assert.match(nobody.text, /Welcome<\/textarea>/);
  // All that is wrong at once.
  const taken = await press(olivia, `${url}/change`, { name: '', key: 'no spaces!', partner: home.partner_id });
  assert.equal(taken.status, 422);
  assert.match(taken.text, /Use up to 20 letters, digits and hyphens\./);
  assert.match(taken.text, /Fill this in\./);
  assert.match(taken.text, /value="no spaces!"/);
  await press(olivia, `${url}/accept`).expect(404);
  const mayas = await portal.signIn(home.maya.email);
  const refused = await press(mayas, `${url}/change`, { name: 'Mine', key: 'MINE', partner: home.partner_id });
  assert.equal(refused.status, 403);
  assert.match(textOf(refused.text), /Only Harbor & Pine can do this\. Ask Olivia Grant\./);
  const maya = partnerActor(home, home.maya);
  await assert.rejects(act(portal.knex, maya, id, 'add_person', { person: home.noah.id }), { status: 403 });
});

test('a vendor with an order in a project sees its name, and can do nothing to it', async () => {
  const { id, url } = await project();
  const { vendor, erik } = northern;
  const itsVendor = { ...home, partner_id: vendor };
  await sentDocument(portal, itsVendor, 'purchase_order', { project: id, recipients: [erik] });
  const eriks = await portal.signIn('erik@northern.example');
  await eriks.get(url).expect(200, /Reception fit-out/);
  // As if it were not there: whom to ask is no more theirs to know than its conversation.
  for (const action of ['comment', 'view', 'add_person']) await press(eriks, `${url}/${action}`).expect(404);
  const actor = partnerActor(itsVendor, { id: erik, name: 'Erik Lund', email: 'erik@northern.example' });
  await assert.rejects(act(portal.knex, actor, id, 'comment', { text: 'Hello' }), { status: 404 });
  await assert.rejects(act(portal.knex, actor, id, 'view'), { status: 404 });
});

test('only staff and contacts of its customer can be added to a project', async () => {
  const { id, url } = await project();
  const former = { name: 'Ines Roth', email: 'ines@maple.example' };
  const former_id = await newContact(portal.knex, home.staff, home.partner_id, former);
  await removeContact(portal.knex, home.staff, home.partner_id, former_id);
  const olivia = await portal.signIn(home.olivia.email);
  for (const person of [northern.erik, former_id]) {
    const page = await press(olivia, `${url}/add_person`, { person }).expect(422);
    assert.match(page.text, /Choose a person\./);
  }
  await press(olivia, `${url}/add_person`, { person: home.tom.id }).expect(303);
  const people = await portal.look(home.organization_id, (db) =>
    db('participants').where({ subject_id: id }).pluck('person_id'),
  );
  assert.deepEqual(new Set(people), new Set([home.olivia.id, home.tom.id]));
});
