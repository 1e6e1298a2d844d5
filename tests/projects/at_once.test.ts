import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { addStaff } from '../../src/people/organization.js';
import { day } from '../support/days.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => {
  portal = await openPortal();
});
after(() => portal.close());

const PEOPLE = 40;

async function scene() {
  const home = await harbor(portal);
  const fields = { key: 'MAPLE', name: 'Fit-out', partner: home.partner_id };
  const project_id = await addProject(portal.knex, home.staff, fields);
  const tasks: string[] = [];
  for (let n = 0; n < PEOPLE; n++)
    tasks.push(await addTask(portal.knex, home.staff, project_id, { title: `Room ${n}`, kind: 'task', shown: true }));
  const look = (table: string) =>
    portal.look(home.organization_id, (db) =>
      db(table)
        .where(table === 'projects' ? { id: project_id } : { project_id })
        .first(),
    );
  return { home, project_id, tasks, look };
}

test('forty people who log time and finish tasks at once lose nothing of it', async () => {
  const { home, project_id, tasks, look } = await scene();
  const organization = await portal.look(home.organization_id, (db) =>
    db('organizations').where({ id: home.organization_id }).first(),
  );
  const people: string[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    const person = { name: `Crew ${n}`, email: `crew${n}@${home.slug}.example` };
    people.push(await addStaff(portal.knex, organization, person, 'member'));
  }
  await Promise.all(
    people.flatMap((person_id, n) => {
      const actor = { ...home.staff, person_id, name: `Crew ${n}` };
      const cells = [
        { work: tasks[n] ?? '', day: day(-1), minutes: 30 },
        { work: tasks[0] ?? '', day: day(-2), minutes: 15 },
      ];
      return [
        act(portal.knex, actor, project_id, 'log_time', { cells }),
        act(portal.knex, actor, tasks[n] ?? '', 'finish', {}),
      ];
    }),
  );
  const { task_count, done_count, task_weight, done_weight, shown_done_count } = await look('projects');
  assert.deepEqual([task_count, done_count, shown_done_count], [PEOPLE, PEOPLE, PEOPLE]);
  assert.deepEqual([task_weight, done_weight], [PEOPLE * 60, PEOPLE * 60]);
  const { minutes } = await look('project_time');
  assert.equal(minutes, PEOPLE * 45);
  const [first] = await portal.look(home.organization_id, (db) => db('task_time').where({ task_id: tasks[0] }));
  assert.equal(first.minutes, 30 + PEOPLE * 15);
});

test('a thousand tasks are shown to their customer and hidden from them in one act, and counted', async () => {
  const { home, project_id, look } = await scene();
  await portal.look(home.organization_id, (db) =>
    db.raw(
      `insert into tasks (organization_id, id, project_id, number, position, title, state)
        select ?, uuidv7(), ?, 'ROOM-' || n, 100 + n, 'Room ' || n, case when n % 2 = 0 then 'done' else 'open' end
        from generate_series(1, 1000) n`,
      [home.organization_id, project_id],
    ),
  );
  await act(portal.knex, home.staff, project_id, 'share_project', { comments: true });
  assert.equal((await look('projects')).shown_count, 0);
  assert.equal((await look('projects')).done_count, 500);
  await act(portal.knex, home.staff, project_id, 'share_project', { comments: true, tasks: true });
  const { shown_count, shown_done_count, shown_weight } = await look('projects');
  assert.deepEqual([shown_count, shown_done_count, shown_weight], [1040, 500, 1040 * 60]);
});

test('tasks that are added to a phase again and again keep short places', async () => {
  const { home, project_id, tasks } = await scene();
  const phase = await addTask(portal.knex, home.staff, project_id, { title: 'Walls', kind: 'phase' });
  await addTask(portal.knex, home.staff, project_id, { title: 'Floors', kind: 'phase' });
  for (let n = 0; n < 60; n++)
    await addTask(portal.knex, home.staff, project_id, { title: 'Paint', kind: 'task', parent: phase });
  for (let n = 0; n < 40; n++)
    await act(portal.knex, home.staff, tasks[n] ?? '', 'place', { after: tasks[0] === tasks[n] ? tasks[1] : tasks[0] });
  const longest = await portal.look(home.organization_id, (db) =>
    db('tasks')
      .where({ project_id })
      .max({ decimals: db.raw('scale(position)') })
      .first(),
  );
  assert.ok(Number(longest?.decimals) <= 30, `${longest?.decimals} decimals`);
});
