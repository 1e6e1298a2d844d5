import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { post, press, textOf } from '../support/forms.js';
import { addVendor, type Harbor, harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** A project with two tasks, of which one is a vendor's, in which Maya takes part. */
async function shared(home: Harbor) {
  const fields = { key: 'MAPLE', name: 'Fit-out', partner: home.partner_id };
  const details = { manager: home.tom.id, description: 'Ash, not oak' };
  const id = await addProject(portal.knex, home.staff, { ...fields, ...details });
  const { vendor } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const tasks = [
    await addTask(portal.knex, home.staff, id, { title: 'Order ash', due_on: '2026-12-04' }),
    await addTask(portal.knex, home.staff, id, { title: 'Wiring', vendor, due_on: '2026-12-08' }),
  ];
  await act(portal.knex, home.staff, id, 'add_person', { person: home.maya.id });
  await act(portal.knex, home.staff, id, 'comment', { text: 'We begin on Monday' });
  return { id, tasks, url: `/${home.slug}/projects/MAPLE` };
}

const ALL = { tasks: 'on', calendar: 'on', finances: 'on', details: 'on', comments: 'on', people: 'on' };

test('staff choose what the customer sees, and read first what that changes', async () => {
  const home = await harbor(portal);
  const { url } = await shared(home);
  const olivia = await portal.signIn(home.olivia.email);
  const page = await olivia.get(`${url}/sharing`).expect(200);
  assert.match(textOf(page.text), /Maple Street Clinic sees what is checked here/);
  const preview = await olivia.get(`${url}/sharing?preview=1&tasks=on&finances=on&time=on&details=on&people=on`);
  assert.match(
    textOf(preview.text),
    /Maple Street Clinic will also see: Time\. Maple Street Clinic will no longer see: Calendar and Comments\./,
  );
  assert.match(preview.text, /name="time" value="on" checked/);
  await post(olivia, `${url}/share_project`, { ...ALL, comments: '', time: 'on' });
  const activity = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'share_project' }).first(),
  );
  assert.equal(activity.visible_to, 'staff');
  assert.deepEqual(activity.details.shown, ['tasks', 'calendar', 'time', 'finances', 'details', 'people']);
});

test('without comments the conversation is among staff: the customer reads, gets and writes nothing of it', async () => {
  const home = await harbor(portal);
  const { id, url } = await shared(home);
  const maya = await portal.signIn(home.maya.email);
  await maya
    .get(`${url}/comments`)
    .expect(200)
    .expect(/We begin on Monday/);
  const { comments: _, ...rest } = { ...ALL, comments: true };
  const parts = Object.fromEntries(Object.keys(rest).map((name) => [name, true]));
  await act(portal.knex, home.staff, id, 'share_project', parts);
  await maya.get(`${url}/comments`).expect(404);
  await maya.get(url).expect(200);
  const actor = partnerActor(home, home.maya);
  for (const table of ['comments', 'activities'])
    assert.deepEqual(await withActor(portal.knex, actor, (db) => db(table).where({ subject_id: id })), [], table);
  await press(maya, `${url}/comment`, { text: 'Hello?', audience: 'shared' }).expect(404);

  const before = portal.post.emails.length;
  await act(portal.knex, home.staff, id, 'comment', { text: 'Costs us a morning', audience: 'shared' });
  await portal.idle();
  const told = portal.post.emails.slice(before).filter(({ recipient }) => recipient === home.maya.email);
  assert.deepEqual(told, []);
  // What was said meanwhile stays among staff once the conversation is shared again.
  await act(portal.knex, home.staff, id, 'share_project', { ...parts, comments: true });
  const again = await maya.get(`${url}/comments`).expect(200);
  assert.match(again.text, /We begin on Monday/);
  assert.doesNotMatch(again.text, /Costs us a morning/);
});

test('a part that is not shown is not there: no tab, no tasks, no description, no name', async () => {
  const home = await harbor(portal);
  const { id, url } = await shared(home);
  const maya = await portal.signIn(home.maya.email);
  const before = await maya.get(`${url}/schedule`).expect(200);
  assert.match(before.text, /Order ash/);
  assert.match(before.text, /Tom Reyes/);
  await act(portal.knex, home.staff, id, 'share_project', { comments: true });
  for (const page of ['', '/schedule', '/finances']) await maya.get(`${url}${page}`).expect(404);
  const page = await maya.get(`${url}/comments`).expect(200);
  assert.doesNotMatch(page.text, /Project manager|Ash, not oak|<p>Tom Reyes<\/p>/);
  const actor = partnerActor(home, home.maya);
  assert.deepEqual(await withActor(portal.knex, actor, (db) => db('tasks').select()), []);
});

test('which tasks the customer sees is chosen for many at once', async () => {
  const home = await harbor(portal);
  const { tasks, url } = await shared(home);
  const olivia = await portal.signIn(home.olivia.email);
  const seen = () =>
    withActor(portal.knex, partnerActor(home, home.maya), (db) => db('tasks').orderBy('title').pluck('title'));
  const page = await olivia.get(`${url}/sharing`).expect(200);
  assert.match(textOf(page.text), /Wiring Northern Timber/);
  await post(olivia, `${url}/sharing`, { 'task[]': tasks, 'shown[]': tasks.slice(1) });
  assert.deepEqual(await seen(), ['Wiring']);
  await post(olivia, `${url}/sharing`, { 'task[]': tasks, which: 'none' });
  assert.deepEqual(await seen(), []);
  await post(olivia, `${url}/sharing`, { 'task[]': tasks, which: 'all' });
  assert.deepEqual(await seen(), ['Order ash', 'Wiring']);
  await olivia
    .post(`${url}/sharing`)
    .type('form')
    .send({ 'task[]': ['x'] })
    .expect(422);
  // A task of another project is left as it is.
  const other = await addProject(portal.knex, home.staff, { key: 'OTHER', name: 'Other', partner: home.partner_id });
  const foreign = await addTask(portal.knex, home.staff, other, { title: 'Elsewhere' });
  await post(olivia, `${url}/sharing`, { 'task[]': [foreign], which: 'none' });
  assert.deepEqual(await seen(), ['Elsewhere', 'Order ash', 'Wiring']);
});

test('only staff who plan change what is shared', async () => {
  const home = await harbor(portal);
  const { url } = await shared(home);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`${url}/sharing`).expect(404);
  await maya.post(`${url}/sharing`).type('form').send({}).expect(404);
  await maya.post(`${url}/share_project`).type('form').send(ALL).expect(403);
  await maya.post(`${url}/set_baseline`).type('form').send({}).expect(403);
});
