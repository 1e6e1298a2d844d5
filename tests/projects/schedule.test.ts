import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { post, refused, textOf } from '../support/forms.js';
import { addVendor, type Harbor, harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

async function planned(home: Harbor) {
  const id = await addProject(portal.knex, home.staff, { key: 'MAPLE', name: 'Fit-out', partner: home.partner_id });
  const { vendor } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const add = (input: object) => addTask(portal.knex, home.staff, id, input);
  const workshop = await add({ title: 'Workshop', kind: 'phase' });
  const site = await add({ title: 'On site', kind: 'phase' });
  const span = (from: number, to: number) => ({ starts_on: day(from), due_on: day(to) });
  const ash = await add({ title: 'Order ash', parent: workshop, ...span(-20, -15) });
  const panels = await add({ title: 'Acoustic panels', parent: workshop, after: [ash], ...span(-10, -2) });
  const clear = await add({ title: 'Clear the reception', parent: site, assignee: home.maya.id, ...span(4, 4) });
  const wiring = await add({ title: 'Wiring', parent: site, vendor, after: [clear], ...span(6, 8) });
  await add({ title: 'Handover', milestone: true, starts_on: day(18), due_on: day(18) });
  await act(portal.knex, home.staff, ash, 'finish');
  return { id, url: `/${home.slug}/projects/MAPLE`, tasks: { ash, panels, clear, wiring } };
}

/** One of the drawings of a page. */
const chartOf = (html: string, id: 'wide' | 'narrow') =>
  new RegExp(`<svg class="gantt gantt-${id}"[\\s\\S]*?</svg>`).exec(html)?.[0] ?? '';

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

test('the schedule is drawn with what is done, late, yours and waits for what, and told in a sentence', async () => {
  const home = await harbor(portal);
  const { url } = await planned(home);
  const maya = await portal.signIn(home.maya.email);
  const page = await maya.get(`${url}/schedule`).expect(200);
  const chart = chartOf(page.text, 'wide');
  assert.match(chart, /role="img" aria-labelledby="gantt-wide-title gantt-wide-text"/);
  assert.match(chart, /Late: Acoustic panels \(2 days late\)\./);
  assert.equal(count(chart, /class="gantt-arrow"/g), 2);
  assert.equal(count(chart, /class="gantt-phase"/g), 2);
  assert.equal(count(chart, /class="gantt-milestone"/g), 1);
  assert.equal(count(chart, /class="gantt-done"/g), 1);
  assert.equal(count(chart, /class="gantt-late"/g), 1);
  assert.equal(count(chart, /class="gantt-yours"/g), 1);
  assert.equal(count(chart, /class="gantt-today"/g), 1);
  assert.doesNotMatch(chart, /data-task/);
  const narrow = chartOf(page.text, 'narrow');
  assert.match(narrow, /Clear the reception/);
  assert.match(narrow, /Acoustic panels/);
  assert.doesNotMatch(narrow, /Order ash|gantt-arrow/);
  const words = textOf(page.text);
  assert.match(words, /Acoustic panels: finishes .*? 2 days late/);
  assert.match(words, /You: Clear the reception/);
  assert.doesNotMatch(words, /Move a task|Set baseline/);
  // The same below the list of tasks.
  assert.ok(chartOf((await maya.get(url).expect(200)).text, 'wide'));
});

test('a window of weeks is an address: earlier and later, and whatever else is typed there', async () => {
  const home = await harbor(portal);
  const { url } = await planned(home);
  const olivia = await portal.signIn(home.olivia.email);
  const weeks = await olivia.get(`${url}/schedule?scale=weeks&from=2031-01-06`).expect(200);
  assert.doesNotMatch(chartOf(weeks.text, 'wide'), /Order ash|class="gantt-today"/);
  assert.match(weeks.text, /scale=weeks&amp;from=2030-12-08#schedule/);
  for (const query of [
    'from=2026-02-30',
    'from=x&scale=y',
    'after=1e400',
    'after=99999',
    'from=9999-12-31',
    'from[]=1',
  ])
    await olivia.get(`${url}/schedule?${query}`).expect(200);
});

test('at most 100 rows are drawn; the others are a link away', async () => {
  const home = await harbor(portal);
  const { id, url } = await planned(home);
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into tasks (organization_id, id, project_id, number, position, title, starts_on, due_on)
        select ?, gen_random_uuid(), ?, 'T-' || n, 100 + n, 'Piece ' || n, ?, ? from generate_series(1, 250) n`,
      [home.organization_id, id, day(1), day(2)],
    ),
  );
  const olivia = await portal.signIn(home.olivia.email);
  const page = await olivia.get(`${url}/schedule`).expect(200);
  assert.match(textOf(page.text), /The chart shows 100 rows at most\. Tasks after “Piece 93”/);
  assert.doesNotMatch(chartOf(page.text, 'wide'), /Piece 94</);
  const [, next = ''] = /href="([^"]+after=[^"#]+)/.exec(page.text) ?? [];
  const second = await olivia.get(next).expect(200);
  assert.match(chartOf(second.text, 'wide'), /Piece 94</);
});

test('staff move a task by its form; the plan stays as a line until it is set anew', async () => {
  const home = await harbor(portal);
  const { url, tasks } = await planned(home);
  const olivia = await portal.signIn(home.olivia.email);
  const page = await olivia.get(`${url}/schedule`).expect(200);
  const [, number = ''] = /data-task="([^"]+)" data-title="Wiring"/.exec(page.text) ?? [];
  assert.ok(number);
  const later = { task: number, starts_on: day(9), due_on: day(11), reason: 'The reception is cleared later' };
  await refused(olivia, `${url}/schedule`, 422, { ...later, due_on: day(8) });
  await refused(olivia, `${url}/schedule`, 422, { ...later, task: 'TASK-9999' });
  assert.match(await refused(olivia, `${url}/schedule`, 422, { ...later, reason: '' }), /Say why it gets later/);
  await post(olivia, `${url}/schedule`, later);
  const find = () => portal.look(home.organization_id, (db) => db('tasks').where({ id: tasks.wiring }).first());
  const moved = await find();
  assert.deepEqual([moved.starts_on, moved.due_on, moved.planned_due_on], [day(9), day(11), day(8)]);
  const after = await olivia.get(`${url}/schedule`).expect(200);
  assert.match(chartOf(after.text, 'wide'), /gantt-baseline/);
  await post(olivia, `${url}/set_baseline`);
  const set = await find();
  assert.deepEqual([set.planned_starts_on, set.planned_due_on, set.reason], [day(9), day(11), '']);
  const said = await portal.look(home.organization_id, (db) => db('activities').where({ action: 'set_baseline' }));
  assert.equal(said.length, 1);
  assert.equal(said[0].visible_to, 'staff');
  assert.doesNotMatch(chartOf((await olivia.get(`${url}/schedule`)).text, 'wide'), /gantt-baseline/);
});

test('a vendor sees its own part of the schedule, a customer what is shown, others nothing', async () => {
  const home = await harbor(portal);
  const { url } = await planned(home);
  const erik = await portal.signIn(`erik.${home.slug}@northern.example`);
  const page = await erik.get(`${url}/schedule`).expect(200);
  assert.match(page.text, /Wiring/);
  assert.doesNotMatch(page.text, /Acoustic panels|Clear the reception|On site|Maple Street|Maya/);
  await erik.post(`${url}/schedule`).type('form').send({}).expect(404);
  const rival = await harbor(portal);
  await (await portal.signIn(rival.olivia.email)).get(`${url}/schedule`).expect(404);
});
