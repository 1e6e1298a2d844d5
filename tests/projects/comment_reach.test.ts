import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { type Actor, withActor } from '../../src/db/scope.js';
import { addPartner, newContact, removeContact } from '../../src/people/partner.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { addVendor, harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { both, projectOfAll } from '../support/threads.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

test('a mention, Reply and Reply all reach just those meant, by email and by the bell', async () => {
  const { tom, maya, noah, olivia, comment, told } = await projectOfAll(portal, home);
  const first = await comment(tom, '@Maya Chen, @Noah Weiss, are you happy with it?', { title: 'Ash or oak' });
  assert.deepEqual(await told(first), both('Maya Noah'));
  const reply = await comment(noah, 'Ash is fine by me.', { answers: first });
  assert.deepEqual(await told(reply), both('Tom'));
  const all = await comment(noah, 'Does it change the price?', { answers: first, reach: 'all' });
  assert.deepEqual(await told(all), both('Maya Tom'));
  const chosen = await comment(maya, 'No.', { answers: all, reach: 'chosen', readers: [home.tom.id] });
  assert.deepEqual(await told(chosen), both('Tom'));
  // Who wrote nothing and was not tagged hears nothing; a name in an answer adds to its reach.
  const more = await comment(tom, '@Olivia Grant, please order it', { answers: chosen });
  assert.deepEqual(await told(more), both('Maya Olivia'));
  // Who goes on with their own goes on with those whom they told.
  const own = await comment(tom, 'Or rather: ash', { answers: first });
  assert.deepEqual(await told(own), both('Maya Noah Olivia'));
  assert.deepEqual(await told(await comment(olivia, 'Noted')), both(''));
});

test('a group reaches those of it who take part; a first name is enough where only one has it', async () => {
  const { tom, noah, comment, told } = await projectOfAll(portal, home);
  assert.deepEqual(await told(await comment(tom, 'Dear @Maple Street Clinic: we begin')), both('Maya Noah'));
  assert.deepEqual(await told(await comment(noah, '@harbor & pine, thank you')), both('Olivia Tom'));
  assert.deepEqual(await told(await comment(tom, '@maya: and you?')), both('Maya'));
  assert.deepEqual(await told(await comment(tom, 'Write to tom@maya.example or @Mayan or @Maya Kern')), both(''));
});

test('what a customer writes to nobody reaches who answers for the project', async () => {
  const { id, maya, comment, told } = await projectOfAll(portal, home);
  assert.deepEqual(await told(await comment(maya, 'When do you begin?')), both('Olivia Tom'));
  await portal.look(home.organization_id, (db) => db('projects').where({ id }).update({ manager_id: home.tom.id }));
  assert.deepEqual(await told(await comment(maya, 'When do you begin?')), both('Tom'));
  assert.deepEqual(await told(await comment(maya, 'We’ll see', { audience: 'internal' })), both(''));
});

test('Notify passes a comment on, once to each, and says whom and when to its own side', async () => {
  const { id, url, tom, maya, comment, told } = await projectOfAll(portal, home);
  const first = await comment(tom, 'The felt is late, @Maya Chen', { title: 'Felt' });
  const pass = (people: string[], actor = tom) =>
    act(portal.knex, actor, id, 'notify', { comment: first, readers: people });
  await pass([home.noah.id]);
  assert.deepEqual(await told(first, 'notify'), both('Noah'));
  const email = await portal.post.to(home.noah.email, 'The felt is late');
  assert.match(email.text ?? '', /Tom Reyes wants you to see a comment on project/);
  assert.match(email.subject ?? '', /Felt · Project/);
  await assert.rejects(pass([home.noah.id, home.maya.id]), { status: 422 });
  await assert.rejects(pass([]), { status: 422 });
  const toms = await portal.signIn(home.tom.email);
  await toms.get(url).expect(200, /You notified Noah Weiss/);
  const mayas = await portal.signIn(home.maya.email);
  assert.doesNotMatch((await mayas.get(url).expect(200)).text, /notified Noah/);
  await assert.rejects(
    act(portal.knex, maya, id, 'notify', { comment: crypto.randomUUID(), readers: [home.olivia.id] }),
    { status: 422 },
  );
});

test('who is tagged takes part from now on; only who may see the project can be', async () => {
  const { id, tom, comment, told } = await projectOfAll(portal, home);
  const hanna = await newContact(portal.knex, home.staff, home.partner_id, {
    name: 'Hanna Lindqvist',
    email: `hanna${Date.now()}@maple.example`,
  });
  await comment(tom, '@Hanna Lindqvist, welcome');
  const takes = await portal.look(home.organization_id, (db) =>
    db('participants').where({ subject_id: id, person_id: hanna }).first('person_id'),
  );
  assert.ok(takes);
  const { erik } = await addVendor(portal, home, `erik${Date.now()}@northern.example`);
  const lena = await newContact(
    portal.knex,
    home.staff,
    await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' }),
    { name: 'Lena Vogt', email: `lena${Date.now()}@aurora.example` },
  );
  const shut = await newContact(portal.knex, home.staff, home.partner_id, {
    name: 'Ida Moss',
    email: `ida${Date.now()}@maple.example`,
  });
  await portal.look(home.organization_id, (db) =>
    db('people')
      .where({ id: shut })
      .update({ modules: ['invoices'] }),
  );
  for (const person of [erik, lena, shut])
    await assert.rejects(comment(tom, 'Hello', { readers: [person] }), { status: 422 });
  assert.deepEqual(await told(await comment(tom, '@Erik Lund, @Lena Vogt and @Ida Moss')), both(''));
  await removeContact(portal.knex, home.staff, home.partner_id, hanna);
  const later = await comment(tom, '@Hanna Lindqvist again, @Maya Chen');
  assert.deepEqual(await told(later), both('Maya'));
});

test('a customer to whom names aren’t shown reaches only those they talk with', async () => {
  const { id, tom, maya, comment, told } = await projectOfAll(portal, home);
  await portal.look(home.organization_id, (db) => db('projects').where({ id }).update({ shown: '{tasks,comments}' }));
  await assert.rejects(comment(maya, 'Hi', { readers: [home.tom.id] }), { status: 422 });
  const first = await comment(tom, 'Hello, @Maya Chen');
  assert.deepEqual(await told(await comment(maya, 'Hi @Tom Reyes and @Olivia Grant', { answers: first })), both('Tom'));
});

test('an internal note stays on its side, with its answers; nobody else can be tagged in it', async () => {
  const { id, url, tom, olivia, maya, comment, told } = await projectOfAll(portal, home);
  const note = await comment(tom, 'Margin is thin, @Olivia Grant', { audience: 'internal', title: 'Secret margin' });
  assert.deepEqual(await told(note), both('Olivia'));
  const answer = await comment(olivia, 'I know of the margin', { answers: note, reach: 'all' });
  assert.deepEqual(await told(answer), both('Tom'));
  await assert.rejects(comment(tom, 'Ask @Maya Chen', { audience: 'internal' }), { status: 422 });
  await assert.rejects(comment(tom, 'Look', { audience: 'internal', readers: [home.maya.id] }), { status: 422 });
  await assert.rejects(comment(maya, 'What?', { answers: note }), { status: 422 });
  await assert.rejects(act(portal.knex, maya, id, 'notify', { comment: note, readers: [home.noah.id] }), {
    status: 422,
  });
  const mayas = await portal.signIn(home.maya.email);
  for (const page of [url, `${url}?at=${note}`, `${url}?reply=${note}`, `${url}?show=tagged`])
    assert.doesNotMatch((await mayas.get(page).expect(200)).text, /Margin is|ecret margin|of the margin/);
  await portal.idle();
  for (const { recipient, raw } of portal.post.emails)
    if (/maya|noah/.test(recipient)) assert.doesNotMatch(raw, /Margin is|ecret margin|of the margin/);
});

test('a customer whose project has no Comments tab hears and sees nothing of them', async () => {
  const { id, url, tom, maya, comment, told } = await projectOfAll(portal, home);
  await comment(tom, 'Before, @Maya Chen');
  await portal.look(home.organization_id, (db) => db('projects').where({ id }).update({ shown: '{tasks,people}' }));
  await assert.rejects(comment(tom, 'After', { readers: [home.maya.id] }), { status: 422 });
  assert.deepEqual(await told(await comment(tom, '@Maya Chen, @Olivia Grant')), both('Olivia'));
  await assert.rejects(comment(maya, 'Hello?'), { status: 404 });
  const mayas = await portal.signIn(home.maya.email);
  await mayas.get(url).expect(404);
});

test('two who have one name are told apart before anything is sent', async () => {
  const { url, tom, comment, told } = await projectOfAll(portal, home);
  const email = `tom.other${Date.now()}@maple.example`;
  const other = await newContact(portal.knex, home.staff, home.partner_id, { name: 'Tom Reyes', email });
  const olivia = await portal.signIn(home.olivia.email);
  const { text } = await olivia
    .post(url.replace(/comments$/, 'comment'))
    .type('form')
    .send({ text: 'Hello @Tom Reyes', audience: 'shared', seen: '' })
    .expect(422);
  assert.match(text, /Several people are called Tom Reyes\. Choose who you mean\./);
  assert.match(text, new RegExp(`name="readers" value="${other}"`));
  assert.match(text, /Hello @Tom Reyes<\/textarea>/);
  await assert.rejects(comment(home.staff, 'Hello @Tom Reyes'), { status: 422 });
  const chosen = await comment(home.staff, 'Hello @Tom Reyes', { readers: [tom.person_id] });
  assert.deepEqual(await told(chosen), both('Tom'));
});

test('a vendor with work in the project has no part in what is said there', async () => {
  const { id, url, tom, comment } = await projectOfAll(portal, home);
  const { vendor, erik } = await addVendor(portal, home, `erik.b${Date.now()}@northern.example`);
  const first = await comment(tom, 'Hello @Maya Chen');
  const actor = partnerActor({ ...home, partner_id: vendor }, { id: erik, name: 'Erik Lund', email: 'erik' });
  await assert.rejects(act(portal.knex, actor, id, 'comment', { text: 'Hi', answers: first }), { status: 404 });
  await assert.rejects(act(portal.knex, actor, id, 'notify', { comment: first, readers: [erik] }), { status: 404 });
  const { email } = await portal.look(home.organization_id, (db) => db('people').where({ id: erik }).first('email'));
  await (await portal.signIn(email)).get(url).expect(404);
});

test('the database shows threads and whom they were for to those alone who read the comments', async () => {
  const { id, tom, maya, comment } = await projectOfAll(portal, home);
  await comment(tom, 'For all, @Maya Chen');
  await comment(tom, 'For us, @Olivia Grant', { audience: 'internal' });
  await comment(maya, 'For the clinic, @Noah Weiss', { audience: 'internal' });
  const { vendor, erik } = await addVendor(portal, home, `erik.c${Date.now()}@northern.example`);
  const aurora = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Aurora', email: '' });
  const task = await addTask(portal.knex, home.staff, id, { title: 'Sockets', vendor });
  const seen = (actor: Actor) =>
    withActor(portal.knex, actor, async (db) => [
      (await db('comments').where({ subject_id: id })).length,
      (await db('comment_tags').whereIn('comment_id', db('comments').where({ subject_id: id }).select('id'))).length,
      (await db('thread_people').where({ subject_id: id })).length,
      (await db('activities').where({ subject_id: id, action: 'comment' })).length,
    ]);
  const nothing = [0, 0, 0, 0];
  assert.deepEqual(await seen(home.staff), [2, 2, 4, 2]);
  assert.deepEqual(await seen(maya), [2, 2, 4, 2]);
  const eriks = partnerActor({ ...home, partner_id: vendor }, { id: erik, name: 'Erik', email: 'erik' });
  assert.deepEqual(await seen(eriks), nothing);
  assert.deepEqual(await seen({ ...maya, partner_id: aurora }), nothing);
  assert.deepEqual(await seen({ ...maya, guest: true }), [1, 1, 2, 1]);
  assert.deepEqual(await seen({ ...maya, kinds: ['invoice'] }), nothing);
  assert.deepEqual(await seen({ ...maya, assurance: 'link', subject_ids: [task] }), nothing);
  assert.deepEqual(await seen({ ...maya, assurance: 'link', subject_ids: [id] }), [2, 2, 4, 2]);
  await portal.look(home.organization_id, (db) => db('projects').where({ id }).update({ shown: '{tasks}' }));
  assert.deepEqual(await seen(maya), nothing);
  assert.deepEqual(await seen(home.staff), [2, 2, 4, 2]);
});
