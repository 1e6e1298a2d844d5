import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import type { Actor } from '../../src/db/scope.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { press, textOf } from '../support/forms.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { at, fitOut as fitOutIn, logTime as logIn, MONDAY } from '../support/time.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** Of the week before that. */
const monday = at(-7);

const fitOut = (home: Harbor) => fitOutIn(portal, home);
const log = (...given: [Actor, string, string, string, number | null, object?]) => logIn(portal, ...given);
const rows = (home: Harbor, table: string) => portal.look(home.organization_id, (db) => db(table).select());

test('a week is typed as people write hours; what is no duration keeps its text', async () => {
  const home = await harbor(portal);
  const { desk, panels } = await fitOut(home);
  const toms = await portal.signIn(home.tom.email);
  const url = `/${home.slug}/projects/MAPLE/time`;
  const page = await toms.get(`${url}?week=${MONDAY}&add=${desk}`).expect(200);
  assert.match(page.text, new RegExp(`name="m:${desk}:${MONDAY}"`));
  const typed = { week: MONDAY, [`m:${desk}:${at(0)}`]: '1:30', [`m:${desk}:${at(1)}`]: '90m' };
  const more = { [`m:${panels}:${at(2)}`]: '1.5', [`m:${panels}:${at(3)}`]: '1h 30', [`m:${desk}:${at(4)}`]: '' };
  await press(toms, `${url}/log`, { ...typed, ...more }).expect(303);
  const sheet = textOf((await toms.get(`${url}?week=${MONDAY}`).expect(200)).text);
  assert.match(sheet, /Total 1:30 1:30 1:30 1:30 6:00/);
  const wrong = await press(toms, `${url}/log`, { week: MONDAY, [`m:${desk}:${at(0)}`]: 'a while' }).expect(422);
  assert.match(wrong.text, /value="a while"/);
  assert.match(wrong.text, /Enter hours like 1:30\./);
  await press(toms, `${url}/log`, { week: MONDAY, [`m:${desk}:${at(0)}`]: '25:00' })
    .expect(422)
    .expect(/A day has 24 hours/);
  // A row that was added and has no time yet comes back with its mistake.
  const added = { week: monday, [`was:${desk}`]: '0,0,0,0,0,0,0', [`m:${desk}:${monday}`]: '25:00' };
  const again = await press(toms, `${url}/log`, added).expect(422);
  assert.match(again.text, new RegExp(`name="m:${desk}:${monday}"[^>]*value="25:00"`));
  assert.equal((await rows(home, 'time_entries')).length, 4);
});

test('a person has 24 hours a day over all projects, and none in the future or in a closed period', async () => {
  const home = await harbor(portal);
  const { project, desk, tom } = await fitOut(home);
  const { knex } = portal;
  const other = await addProject(knex, home.staff, { key: 'OAK', name: 'Oak', partner: home.partner_id });
  const floor = await addTask(knex, home.staff, other, { title: 'Floor' });
  await log(tom, project, desk, at(0), 1000);
  await assert.rejects(log(tom, other, floor, at(0), 441), /A day has 24 hours\. With this, 24:01/);
  await log(tom, other, floor, at(0), 440);
  // Both at once: one of them is too much.
  await log(tom, project, desk, at(1), 1000);
  const both = await Promise.allSettled([log(tom, other, floor, at(1), 300), log(tom, project, desk, at(1), 1400)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await assert.rejects(log(tom, project, desk, day(2), 60), /isn’t in the future/);
  await assert.rejects(log(tom, project, floor, at(0), 60), /Choose a task of this project/);
  await portal.look(home.organization_id, (db) =>
    db('time_settings').insert({ organization_id: home.organization_id, closed_on: at(2) }),
  );
  await assert.rejects(log(tom, project, desk, at(2), 60), /is closed/);
  await log(tom, project, desk, at(3), 60);
});

test('sums by hand: of a day, a week, a task and the project, as entries come, change and go', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom } = await fitOut(home);
  const { organization_id } = home;
  await portal.look(organization_id, (db) =>
    db('time_settings').insert({ organization_id, cost_rate: 4000, bill_rate: 9000 }),
  );
  await log(tom, project, desk, at(0), 90);
  await log(tom, project, desk, at(1), 60);
  await log(tom, project, panels, at(1), 20);
  await log(home.staff, project, desk, at(1), 45);
  await log(tom, project, desk, at(0), 100);
  await log(tom, project, desk, at(1), null);
  const [sums, days, [total]] = [
    await rows(home, 'time_sums'),
    await rows(home, 'time_days'),
    await rows(home, 'project_time'),
  ];
  const of = (person_id: string, work_id: string) =>
    sums.find((sum) => sum.person_id === person_id && sum.work_id === work_id)?.minutes;
  assert.equal(Number(of(home.tom.id, desk)), 100);
  assert.equal(Number(of(home.tom.id, panels)), 20);
  assert.equal(Number(of(home.olivia.id, desk)), 45);
  assert.deepEqual(
    days.map(({ minutes }) => minutes).toSorted((a, b) => a - b),
    [20, 45, 100],
  );
  assert.equal(Number(total.minutes), 165);
  assert.equal(Number(total.cost), 0);
  await act(portal.knex, tom, project, 'add_activity', { name: 'Management', planned: 600 });
  await assert.rejects(act(portal.knex, tom, project, 'add_activity', { name: 'Management' }), /already/);
  const [{ id: management }] = await rows(home, 'project_activities');
  await log(tom, project, management, at(2), 30);
  assert.equal(Number((await rows(home, 'project_activities'))[0].minutes), 30);
  await log(tom, project, management, at(2), null);
  assert.equal(Number((await rows(home, 'project_activities'))[0].minutes), 0);
  await act(portal.knex, tom, project, 'submit_week', { week: MONDAY });
  await act(portal.knex, home.staff, project, 'approve_week', { week: MONDAY, person: home.tom.id });
  const tasks = await rows(home, 'task_time');
  const desks = tasks.find(({ task_id }) => task_id === desk);
  // 100 minutes at 40.00 are 66.67, 20 are 13.33.
  assert.deepEqual([desks.minutes, desks.approved_minutes, desks.cost].map(Number), [145, 100, 6667]);
  const [approved] = await rows(home, 'project_time');
  assert.deepEqual([approved.approved_minutes, approved.cost, approved.unbilled_minutes].map(Number), [120, 8000, 120]);
});

test('one timer runs: another one stops it and saves it; it ends at midnight and within the hours of its days', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom } = await fitOut(home);
  const { knex } = portal;
  const then = (hour: string) => ({ ...tom, now: new Date(`${at(1)}T${hour}:00Z`) });
  await act(knex, then('22:30'), project, 'start_timer', { work: desk, note: 'Glued' });
  const both = [desk, panels].map((work) => act(knex, then('23:00'), project, 'start_timer', { work }));
  await Promise.all(both);
  assert.equal((await rows(home, 'timers')).length, 1);
  await act(knex, { ...tom, now: new Date(`${at(2)}T01:10:00Z`) }, project, 'stop_timer', { note: 'Done' });
  const entries = await rows(home, 'time_entries');
  const minutes = (of: string) => entries.filter((e) => e.day === of).reduce((sum, e) => sum + e.minutes, 0);
  assert.equal(minutes(at(1)), 90);
  assert.equal(minutes(at(2)), 70);
  await assert.rejects(act(knex, tom, project, 'stop_timer'), /No timer is running/);
  await act(knex, then('02:00'), project, 'start_timer', { work: desk });
  await assert.rejects(act(knex, tom, project, 'submit_week', { week: MONDAY }), /Stop the timer first/);
  await act(knex, tom, project, 'discard_timer');
  assert.equal((await rows(home, 'timers')).length, 0);
});

test('a week is submitted, locked, withdrawn, sent back and approved; nobody approves their own', async () => {
  const home = await harbor(portal);
  const { project, desk, tom } = await fitOut(home);
  const { knex } = portal;
  const week = { week: MONDAY };
  const toms = { ...week, person: home.tom.id };
  await assert.rejects(act(knex, tom, project, 'submit_week', week), /no time in this week/);
  await log(tom, project, desk, at(0), 90);
  await act(knex, tom, project, 'submit_week', week);
  const email = await portal.post.to(home.olivia.email, 'submitted 1:30 hours');
  const olivias = await portal.open(email);
  assert.equal(new URL(olivias.page, portal.base_url).pathname.split('/').at(-1), 'MAPLE');
  await assert.rejects(log(tom, project, desk, at(1), 90), /submitted\. Withdraw it first/);
  await act(knex, tom, project, 'withdraw_week', week);
  await log(tom, project, desk, at(1), 30);
  await assert.rejects(act(knex, home.staff, project, 'approve_week', toms), /not submitted/);
  await act(knex, tom, project, 'submit_week', week);
  await assert.rejects(act(knex, tom, project, 'approve_week', toms), /not yours to do/);
  await act(knex, home.staff, project, 'send_back_week', { ...toms, reason: 'Which door?' });
  await portal.post.to(home.tom.email, 'Which door?');
  await log(tom, project, desk, at(1), 45);
  await act(knex, tom, project, 'submit_week', week);
  await act(knex, home.staff, project, 'approve_week', toms);
  await assert.rejects(log(tom, project, desk, at(1), 90), /approved\. Ask for it to be sent back/);
  // Olivia is the only one who may decide on weeks: for her own she may, too.
  await log(home.staff, project, desk, at(0), 15);
  await act(knex, home.staff, project, 'submit_week', week);
  await act(knex, home.staff, project, 'approve_week', { ...week, person: home.olivia.id });
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.tom.id }).update({ role: 'manager' }));
  await act(knex, home.staff, project, 'send_back_week', { ...toms, reason: 'Again' });
  const own = { ...week, person: home.olivia.id };
  await assert.rejects(act(knex, home.staff, project, 'send_back_week', { ...own, reason: 'x' }), /not yours to do/);
});
