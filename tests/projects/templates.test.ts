import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withActor } from '../../src/db/scope.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { addWorkdays, workdayFrom, workdaysAfter } from '../../src/projects/templates/workdays.js';
import { post, refused } from '../support/forms.js';
import { addVendor, type Harbor, harbor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** A week's work that begins on Thursday, November 12, 2026, with a weekend in it; its walk-through is on a Saturday. */
async function fitOut(home: Harbor, key: string) {
  const { vendor } = await addVendor(portal, home, `volt.${home.slug}@volt.example`);
  const fields = { key, name: 'Fit-out', partner: home.partner_id, starts_on: '2026-11-12' };
  const id = await addProject(portal.knex, home.staff, fields);
  const add = (input: object) => addTask(portal.knex, home.staff, id, input);
  const phase = await add({ title: 'On site', kind: 'phase' });
  const days = (starts_on: string, due_on: string) => ({ starts_on, due_on });
  const work = { vendor, trade: 'Electrician', estimate_minutes: 480, note: 'Two circuits' };
  const wiring = await add({ title: 'Wiring', parent: phase, ...work, ...days('2026-11-12', '2026-11-16') });
  await add({ title: 'Pull cables', kind: 'step', parent: wiring });
  const panels = { title: 'Panels', parent: phase, assignee: home.tom.id, after: [wiring] };
  await add({ ...panels, ...days('2026-11-17', '2026-11-20') });
  await add({ title: 'Walk-through', milestone: true, shown: false, ...days('2026-11-21', '2026-11-21') });
  return id;
}

const tasksOf = (home: Harbor, key: string) =>
  portal.look(home.organization_id, (db) =>
    db('tasks as t')
      .join('projects as p', 'p.id', 't.project_id')
      .where({ key })
      .orderBy('position')
      .select('t.*', 'p.ends_on as project_ends_on'),
  );

test('days are counted in working days: weekends are left out, whatever the first day is', () => {
  assert.equal(workdayFrom('2026-11-14'), '2026-11-16');
  assert.equal(workdayFrom('2026-11-16'), '2026-11-16');
  assert.equal(addWorkdays('2026-11-13', 1), '2026-11-16');
  assert.equal(addWorkdays('2026-11-16', 5), '2026-11-23');
  assert.equal(addWorkdays('2026-11-20', 11), '2026-12-07');
  assert.deepEqual(workdaysAfter('2026-11-12', '2026-11-12', '2026-11-16'), { starts_after: 0, due_after: 2 });
  assert.deepEqual(workdaysAfter('2026-11-14', '2026-11-14', '2026-11-15'), { starts_after: 0, due_after: 0 });
  assert.deepEqual(workdaysAfter('2026-11-12', null, '2026-11-21'), { starts_after: null, due_after: 6 });
  assert.deepEqual(workdaysAfter('2026-11-12', null, null), { starts_after: null, due_after: null });
});

test('a project is kept as a template, and another begins with it: work and order, no names, none on a weekend', async () => {
  const home = await harbor(portal);
  const project = await fitOut(home, 'FIRST');
  const olivia = await portal.signIn(home.olivia.email);
  const templates = `/${home.slug}/project-templates`;
  await olivia
    .get(templates)
    .expect(200)
    .expect(/No templates yet/);
  await refused(olivia, templates, 422, { project, name: '' });
  await post(olivia, templates, { project, name: 'Fit-out' });
  assert.match(await refused(olivia, templates, 422, { project, name: 'fit-OUT' }), /already/);
  const page = await olivia.get(templates).expect(200);
  assert.match(page.text, /3 tasks/);
  const [, template = ''] = /new\?template=([-\w]{36})/.exec(page.text) ?? [];
  await olivia
    .get(`/${home.slug}/projects/new?template=${template}`)
    .expect(200)
    .expect(new RegExp(`value="${template}" selected`));

  const fields = { name: 'Second', key: 'SECOND', partner: home.partner_id, template };
  const projects = `/${home.slug}/projects`;
  assert.match(await refused(olivia, projects, 422, fields), /Give the day on which the first task starts/);
  // A Saturday: the first task starts on the Monday after it.
  await post(olivia, projects, { ...fields, starts_on: '2027-01-09', manager: home.tom.id });
  const tasks = await tasksOf(home, 'SECOND');
  const shown = tasks.map(({ title, kind, starts_on, due_on }) => ({ title, kind, starts_on, due_on }));
  assert.deepEqual(shown, [
    { title: 'On site', kind: 'phase', starts_on: null, due_on: null },
    { title: 'Wiring', kind: 'task', starts_on: '2027-01-11', due_on: '2027-01-13' },
    { title: 'Pull cables', kind: 'step', starts_on: null, due_on: null },
    { title: 'Panels', kind: 'task', starts_on: '2027-01-14', due_on: '2027-01-19' },
    { title: 'Walk-through', kind: 'task', starts_on: '2027-01-20', due_on: '2027-01-20' },
  ]);
  const [phase, wiring, step, panels, walk] = tasks;
  assert.deepEqual([wiring.parent_id, step.parent_id, panels.parent_id], [phase.id, wiring.id, phase.id]);
  assert.deepEqual([wiring.note, wiring.trade, wiring.estimate_minutes], ['Two circuits', 'Electrician', 480]);
  assert.deepEqual([walk.milestone, walk.shown, wiring.planned_due_on], [true, false, '2027-01-13']);
  assert.ok(tasks.every(({ assignee_id, vendor_id, state }) => !assignee_id && !vendor_id && state === 'open'));
  assert.equal(tasks[0].project_ends_on, '2027-01-20');
  const numbers = tasks.map(({ number }) => number);
  assert.equal(new Set(numbers).size, 5);
  const waits = await portal.look(home.organization_id, (db) =>
    db('task_dependencies').where({ task_id: panels.id }).pluck('after_id'),
  );
  assert.deepEqual(waits, [wiring.id]);
  // As in each task that is added by itself: who adds it and who manages the project.
  const following = await portal.look(home.organization_id, (db) =>
    db('participants').where({ subject_id: panels.id }).pluck('person_id'),
  );
  assert.deepEqual(new Set(following), new Set([home.olivia.id, home.tom.id]));
});

test('a template gets another name and is deleted; projects that began with it stay', async () => {
  const home = await harbor(portal);
  const project = await fitOut(home, 'FIRST');
  const olivia = await portal.signIn(home.olivia.email);
  const templates = `/${home.slug}/project-templates`;
  await post(olivia, templates, { project, name: 'One' });
  await post(olivia, templates, { project, name: 'Two' });
  const page = await olivia.get(templates).expect(200);
  const [first = '', second = ''] = [...page.text.matchAll(/action="([^"]+)\/rename"/g)].map(([, url = '']) => url);
  assert.match(await refused(olivia, `${first}/rename`, 422, { name: 'two' }), /already/);
  await post(olivia, `${first}/rename`, { name: 'Uno' });
  await post(olivia, `${second}/delete`);
  await olivia.post(`${second}/delete`).type('form').send({}).expect(404);
  const after = await olivia.get(templates).expect(200);
  assert.match(after.text, /Uno/);
  assert.doesNotMatch(after.text, />Two</);
  const said = await portal.look(home.organization_id, (db) =>
    db('activities').whereLike('action', '%_template').orderBy('id').pluck('action'),
  );
  assert.deepEqual(said, ['save_template', 'save_template', 'rename_template', 'delete_template']);

  const empty = await addProject(portal.knex, home.staff, { key: 'EMPTY', name: 'Empty', partner: home.partner_id });
  assert.match(await refused(olivia, templates, 422, { project: empty, name: 'Empty' }), /no tasks yet/);
  assert.match(await refused(olivia, templates, 422, { project: 'x', name: 'None' }), /Choose a project/);
});

test('templates are for staff: no partner, guest or other organization reads them', async () => {
  const [home, rival] = [await harbor(portal), await harbor(portal)];
  const project = await fitOut(home, 'FIRST');
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `/${home.slug}/project-templates`, { project, name: 'Fit-out' });
  const maya = partnerActor(home, home.maya);
  const vendor = { ...maya, partner_id: (await addVendor(portal, home, 'new@vendor.example')).vendor };
  for (const actor of [maya, { ...maya, guest: true }, vendor, rival.staff])
    for (const table of ['project_templates', 'template_tasks', 'template_dependencies'])
      assert.deepEqual(await withActor(portal.knex, actor, (db) => db(table).select()), [], table);
  await (await portal.signIn(home.maya.email)).get(`/${home.slug}/project-templates`).expect(404);
});
