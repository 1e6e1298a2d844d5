import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { press, textOf } from '../support/forms.js';
import { harbor, type Harbor } from '../support/harbor.js';
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

let made = 0;

async function project() {
  const key = `MAPLE-${++made}`;
  const id = await addProject(portal.knex, home.staff, { key, name: 'Reception fit-out', partner: home.partner_id });
  return { id, key, url: `/${home.slug}/projects/${key}` };
}

const add = (project: string, input: object) => addTask(portal.knex, home.staff, project, input);

const rowOf = (id: string) => portal.look(home.organization_id, (db) => db('tasks').where({ id }).first());

const titles = async (project_id: string) =>
  portal.look(home.organization_id, (db) => db('tasks').where({ project_id }).orderBy('position').pluck('title'));

test('tasks are added one after the other, in a phase or in none, and stand where they belong', async () => {
  const { id, url } = await project();
  const empty = await olivia.get(url).expect(200);
  assert.match(textOf(empty.text), /No tasks yet/);
  const phase = await press(olivia, `${url}/tasks`, { title: 'Workshop', kind: 'phase' }).expect(303);
  const focus = /add=([^#]+)#/.exec(phase.headers['location'] ?? '')?.[1] ?? '';
  await press(olivia, `${url}/tasks`, { title: 'Handover' }).expect(303);
  await press(olivia, `${url}/tasks`, { title: 'Order ash', parent: focus }).expect(303);
  const again = await press(olivia, `${url}/tasks`, { title: 'Acoustic panels', parent: focus }).expect(303);
  assert.deepEqual(await titles(id), ['Workshop', 'Order ash', 'Acoustic panels', 'Handover']);
  const page = await olivia.get(String(again.headers['location']).replace(/#.*/, '')).expect(200);
  assert.match(page.text, new RegExp(`id="add-${focus}-title"[^>]*autofocus`));
  assert.match(textOf(page.text), /0 of 3 tasks done/);
  const wrong = await press(olivia, `${url}/tasks`, { title: '', parent: focus }).expect(422);
  assert.match(textOf(wrong.text), /Fill this in\./);
});

test('a row’s buttons move it up, down, into the one above and out, with all that it holds', async () => {
  const { id, key, url } = await project();
  const phase = await add(id, { title: 'Workshop', kind: 'phase' });
  const first = await add(id, { title: 'Order ash', parent: phase });
  await add(id, { title: 'Invoice of the ash', kind: 'step', parent: first });
  const second = await add(id, { title: 'Panels', parent: phase });
  const other = await add(id, { title: 'On site', kind: 'phase' });
  const { number } = await rowOf(second);
  const place = (input: object, expected = 303) =>
    press(olivia, `/${home.slug}/tasks/${number}/place`, { ...input, back: key }).expect(expected);
  const { headers } = await place({ to: 'up' });
  assert.equal(headers['location'], `${url}#${number}`);
  assert.deepEqual(await titles(id), ['Workshop', 'Panels', 'Order ash', 'Invoice of the ash', 'On site']);
  await place({ to: 'down' });
  assert.deepEqual(await titles(id), ['Workshop', 'Order ash', 'Invoice of the ash', 'Panels', 'On site']);
  await place({ to: 'in' });
  assert.deepEqual([(await rowOf(second)).kind, (await rowOf(second)).parent_id], ['step', first]);
  await place({ to: 'out' });
  assert.deepEqual([(await rowOf(second)).kind, (await rowOf(second)).parent_id], ['task', phase]);
  await place({ after: other });
  assert.deepEqual(await titles(id), ['Workshop', 'Order ash', 'Invoice of the ash', 'On site', 'Panels']);
  assert.equal((await rowOf(second)).parent_id, other);
  await act(portal.knex, home.staff, other, 'place', { to: 'up' });
  assert.deepEqual(await titles(id), ['On site', 'Panels', 'Workshop', 'Order ash', 'Invoice of the ash']);
  await place({ after: second }, 422);
  const elsewhere = await project();
  await place({ after: await add(elsewhere.id, { title: 'Elsewhere' }) }, 422);
});

test('fifty moves between the same two rows find room each time', async () => {
  const { id } = await project();
  await add(id, { title: 'First' });
  const second = await add(id, { title: 'Second' });
  const third = await add(id, { title: 'Third' });
  for (let n = 0; n < 50; n++) await act(portal.knex, home.staff, n % 2 ? second : third, 'place', { to: 'up' });
  const positions = await portal.look(home.organization_id, (db) =>
    db('tasks').where({ project_id: id }).pluck('position'),
  );
  assert.equal(new Set(positions).size, 3);
});

test('what can’t be is said beside its field: dates turned around, a circle, another project’s, 1 for an estimate', async () => {
  const { id, url } = await project();
  const form = (path: string, fields: object) => press(olivia, path, { kind: 'task', ...fields });
  const dates = await form(`${url}/tasks/new`, { title: 'Wiring', starts_on: day(3), due_on: day(2) }).expect(422);
  assert.match(textOf(dates.text), /Due .*This is before it starts\./);
  assert.match(dates.text, /value="Wiring"/);
  const hours = await form(`${url}/tasks/new`, { title: 'Wiring', estimate_minutes: 'two' }).expect(422);
  assert.match(textOf(hours.text), /Enter hours like 1:30\./);
  await form(`${url}/tasks/new`, { title: 'Wiring', estimate_minutes: '1:30', shown: 'on' }).expect(303);
  const [wiring] = await portal.look(home.organization_id, (db) => db('tasks').where({ project_id: id }));
  assert.equal(wiring?.estimate_minutes, 90);
  const clear = await add(id, { title: 'Clear', after: [wiring?.id] });
  const edit = `/${home.slug}/tasks/${wiring?.number}/change`;
  const circle = await form(edit, { title: 'Wiring', 'after[]': [clear] }).expect(422);
  assert.match(textOf(circle.text), /“Clear” waits for this one already/);
  const elsewhere = await add((await project()).id, { title: 'Elsewhere', kind: 'phase' });
  const parent = await form(edit, { title: 'Wiring', parent: elsewhere }).expect(422);
  assert.match(textOf(parent.text), /Choose a phase of this project\./);
  await olivia.get(`/${home.slug}/tasks/${wiring?.number}/edit`).expect(200);
});

test('a customer sees what is shown to them, theirs as “You”, a vendor’s by its trade, and can finish their own alone', async () => {
  const { id, key, url } = await project();
  const clear = await add(id, { title: 'Clear the reception', assignee: home.maya.id, due_on: day(3) });
  await add(id, { title: 'Install panels', assignee: home.tom.id, after: [clear] });
  await add(id, { title: 'Margin check', shown: false });
  const page = await maya.get(url).expect(200);
  const words = textOf(page.text);
  assert.match(words, /For you to do Clear the reception By .* Mark as done/);
  assert.match(words, /Clear the reception (?:MC )?You/);
  assert.match(words, /Install panels after Clear the reception TR Tom Reyes/);
  assert.match(words, /0 of 2 tasks done/);
  assert.doesNotMatch(words, /Margin check|Add a task/);
  const { number: toms } = await portal.look(home.organization_id, (db) =>
    db('tasks').where({ project_id: id, title: 'Install panels' }).first(),
  );
  await press(maya, `/${home.slug}/tasks/${toms}/finish`).expect(409);
  await press(maya, `/${home.slug}/tasks/${toms}/change`, { title: 'Mine' }).expect(403);
  await press(maya, `/${home.slug}/projects/${key}/tasks`, { title: 'Mine' }).expect(404);
  const { number } = await rowOf(clear);
  await press(maya, `/${home.slug}/tasks/${number}/finish`, { back: key }).expect(303);
  const done = await maya.get(url).expect(200);
  assert.match(textOf(done.text), /You marked this done just now Undo/);
  assert.match(textOf(done.text), /1 of 2 tasks done/);
  assert.doesNotMatch(textOf(done.text), /For you to do/);
});

test('undone within seconds nobody hears of it; later it is reopened, and everybody does', async () => {
  const { id, key } = await project();
  const wiring = await add(id, { title: 'Wiring for undo', assignee: home.tom.id });
  const after = await add(id, { title: 'Panels for undo', assignee: home.noah.id, after: [wiring] });
  const toms = await portal.signIn(home.tom.email);
  await portal.post.to(home.noah.email, 'Panels for undo');
  const url = `/${home.slug}/tasks/${(await rowOf(wiring)).number}`;
  await press(toms, `${url}/start`).expect(303);
  await press(toms, `${url}/finish`, { back: key }).expect(303);
  await press(toms, `${url}/undo`, { back: key }).expect(303);
  assert.equal((await rowOf(wiring)).state, 'started');
  await portal.runJobsNow();
  await portal.idle();
  const told = () =>
    portal.post.emails.filter(({ text }) => /marked “Wiring for undo”|“Panels for undo” can begin/.test(text ?? ''));
  assert.deepEqual(told(), []);
  await press(toms, `${url}/finish`).expect(303);
  await portal.runJobsNow();
  await portal.idle();
  assert.deepEqual(
    told()
      .map(({ recipient }) => recipient)
      .toSorted(),
    [home.noah.email, home.olivia.email, home.olivia.email].toSorted(),
  );
  await press(olivia, `${url}/undo`).expect(409);
  await press(olivia, `${url}/reopen`, { message: 'One socket is missing.' }).expect(303);
  const reopened = await portal.post.to(home.tom.email, 'One socket is missing.');
  assert.match(reopened.subject ?? '', /Wiring for undo/);
  assert.equal((await rowOf(after)).state, 'open');
});

test('later than planned takes a reason, which everybody reads', async () => {
  const { id, url } = await project();
  const panels = await add(id, { title: 'Panels', assignee: home.tom.id, starts_on: day(-5), due_on: day(-2) });
  const { number } = await rowOf(panels);
  const task = `/${home.slug}/tasks/${number}`;
  const move = (fields: object) => press(olivia, `${task}/move`, { starts_on: day(-5), ...fields });
  const refused = await move({ due_on: day(2) }).expect(422);
  assert.match(textOf(refused.text), /Say why it gets later/);
  await move({ due_on: day(-6), reason: 'x' }).expect(422, /This is before it starts/);
  await move({ due_on: day(2), reason: 'The felt came four days late.' }).expect(303);
  const page = textOf((await maya.get(url).expect(200)).text);
  assert.match(page, /The felt came four days late\. Olivia Grant/);
  assert.match(page, /now \w+ \d+/);
  assert.match(page, /2 days late/);
  const told = await portal.post.to(home.tom.email, 'The felt came four days late.');
  assert.match(told.text ?? '', /Olivia Grant moved “Panels” to/);
  // By the form of all fields it is the same.
  const form = { title: 'Panels', kind: 'task', assignee: home.tom.id, starts_on: day(-5), shown: 'on' };
  await press(olivia, `${task}/change`, { ...form, due_on: day(4) }).expect(422, /Say why it gets later/);
  await press(olivia, `${task}/change`, { ...form, due_on: day(4), reason: 'Still drying.' }).expect(303);
  assert.deepEqual([(await rowOf(panels)).due_on, (await rowOf(panels)).reason], [day(4), 'Still drying.']);
});

test('progress follows what is dropped, reopened, hidden, estimated and turned into a step', async () => {
  const { id } = await project();
  const one = await add(id, { title: 'One', estimate_minutes: 120 });
  const two = await add(id, { title: 'Two' });
  const three = await add(id, { title: 'Three', shown: false, estimate_minutes: 30 });
  const phase = await add(id, { title: 'Phase', kind: 'phase' });
  const sums = async () => {
    const j = await portal.look(home.organization_id, (db) => db('projects').where({ id }).first());
    return [
      ...[j.task_count, j.done_count, Number(j.task_weight), Number(j.done_weight)],
      ...[j.shown_count, j.shown_done_count, Number(j.shown_weight), Number(j.shown_done_weight)],
    ];
  };
  const does = (task: string, name: string, input = {}) => act(portal.knex, home.staff, task, name, input);
  assert.deepEqual(await sums(), [3, 0, 210, 0, 2, 0, 180, 0]);
  await does(one, 'finish');
  await does(three, 'finish');
  assert.deepEqual(await sums(), [3, 2, 210, 150, 2, 1, 180, 120]);
  await does(three, 'change', { shown: true });
  assert.deepEqual(await sums(), [3, 2, 210, 150, 3, 2, 210, 150]);
  await does(two, 'drop');
  assert.deepEqual(await sums(), [2, 2, 150, 150, 2, 2, 150, 150]);
  await does(two, 'reopen');
  await does(one, 'change', { estimate_minutes: 60 });
  assert.deepEqual(await sums(), [3, 2, 150, 90, 3, 2, 150, 90]);
  await does(two, 'change', { kind: 'step', parent: one });
  assert.deepEqual(await sums(), [2, 2, 90, 90, 2, 2, 90, 90]);
  await assert.rejects(does(one, 'change', { kind: 'phase' }), { status: 422 });
  await does(phase, 'drop');
  assert.deepEqual(await sums(), [2, 2, 90, 90, 2, 2, 90, 90]);
  const form = { name: 'Fit-out', key: `MAPLE-${made}`, partner: home.partner_id };
  await does(id, 'change', form);
  await portal.look(home.organization_id, (db) => db('projects').where({ id }).update({ shown: '{finances}' }));
  assert.deepEqual(await sums(), [2, 2, 90, 90, 0, 0, 0, 0]);
});
