import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withActor } from '../../src/db/scope.js';
import { addDayOff } from '../../src/projects/days_off/change_days_off.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { saveTemplate } from '../../src/projects/templates/save_template.js';
import { addWorkdays, workdayFrom, workdaysAfter } from '../../src/projects/templates/workdays.js';
import { fitOut, plannedEvent } from '../support/events.js';
import { errorsIn, press, textOf } from '../support/forms.js';
import { harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;
let page: string;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
  page = `/${home.slug}/settings/organization/days-off`;
});
after(() => portal.close());

const said = ({ text }: { text: string }) => textOf(text);

test('staff enter days off on one page, which says what can’t be used, and remove them', async () => {
  await olivia
    .get(page)
    .expect(200)
    .expect(/No days off yet/);
  const refused = async (fields: Record<string, string>) =>
    errorsIn((await press(olivia, page, fields).expect(422)).text);
  const summer = { name: 'Summer closure', starts_on: '2031-08-04', ends_on: '2031-08-15' };
  assert.deepEqual(await refused({ ...summer, name: '' }), ['Fill this in.']);
  assert.deepEqual(await refused({ ...summer, starts_on: '' }), ['Give a date.']);
  assert.deepEqual(await refused({ ...summer, ends_on: '2031-08-01' }), ['This is before it starts.']);
  assert.deepEqual(await refused({ ...summer, ends_on: '2031-10-05' }), ['Use at most 62 days.']);
  await press(olivia, page, summer).expect(303);
  assert.deepEqual(await refused({ ...summer, starts_on: '2031-08-15', ends_on: '' }), ['This is a day off already.']);
  const shown = await olivia.get(page).expect(/Summer closure[^]*August 4, 2031 – August 15, 2031/);
  const [, remove = ''] = /action="([^"]+\/remove)"/.exec(shown.text) ?? [];
  await press(maya, remove).expect(404);
  await press(olivia, remove).expect(303);
  await press(olivia, remove).expect(404);
  await maya.get(page).expect(404);
  const done = await portal.look(home.organization_id, (db) =>
    db('activities').whereIn('action', ['add_day_off', 'remove_day_off']).orderBy('id').select('action', 'visible_to'),
  );
  assert.deepEqual(done, [
    { action: 'add_day_off', visible_to: 'staff' },
    { action: 'remove_day_off', visible_to: 'staff' },
  ]);
});

test('calendar, schedule, week sheet and task say so, to both sides; a task can still be due then', async () => {
  await addDayOff(portal.knex, home.staff, { name: 'Founders’ day', starts_on: '2027-03-17' });
  const { id, url } = await fitOut(portal, home);
  await plannedEvent(portal, home.staff, id, { guests: [home.maya.id] });
  const dates = { starts_on: '2027-03-15', due_on: '2027-03-17' };
  await addTask(portal.knex, home.staff, id, { title: 'Hang the doors', assignee: home.maya.id, ...dates });
  for (const reader of [olivia, maya]) {
    assert.match(
      said(await reader.get(`${url}/calendar?on=2027-03-02`)),
      /17 Closed: Founders’ day Due Hang the doors/,
    );
    const agenda = said(await reader.get(`/${home.slug}/calendar?view=agenda&on=2027-03-01`));
    assert.match(agenda, /Wednesday, March 17 Closed: Founders’ day/);
    const chart = (await reader.get(`${url}/schedule?scale=weeks&from=2027-03-08`).expect(200)).text;
    assert.match(chart, /Closed: Founders’ day \(Mar 17\)/);
    const { number } = await portal.look(home.organization_id, (db) =>
      db('tasks').where({ title: 'Hang the doors' }).first('number'),
    );
    assert.match(said(await reader.get(`/${home.slug}/tasks/${number}`)), /due on a day off: Founders’ day/);
  }
  assert.match(said(await olivia.get(`${url}/time?week=2027-03-15`)), /Wed 17 Founders’ day/);
  // Of another organization nothing is known.
  const rival = await harbor(portal);
  const seen = (who: Parameters<typeof withActor>[1]) =>
    withActor(portal.knex, who, (db) => db('days_off').pluck('name'));
  assert.deepEqual(await seen(rival.staff), []);
  assert.deepEqual(await seen(partnerActor(home, home.maya)), ['Founders’ day']);
  await assert.rejects(
    withActor(portal.knex, partnerActor(home, home.maya), (db) =>
      db('days_off').insert({
        ...{ organization_id: home.organization_id, id: home.maya.id, name: 'Mine' },
        ...{ starts_on: '2030-01-01', ends_on: '2030-01-01' },
      }),
    ),
    /row-level security/,
  );
});

test('working days leave out days off, one after the other and beside weekends', () => {
  const closed = new Set(['2026-12-24', '2026-12-25', '2026-12-28', '2027-01-01', '2027-01-02']);
  assert.equal(workdayFrom('2026-12-24', closed), '2026-12-29');
  assert.equal(addWorkdays('2026-12-23', 1, closed), '2026-12-29');
  assert.equal(addWorkdays('2026-12-23', 4, closed), '2027-01-04');
  assert.equal(addWorkdays('2026-12-23', 0, closed), '2026-12-23');
  for (let count = 0; count < 30; count++) {
    const day = addWorkdays('2026-12-21', count, closed);
    assert.deepEqual(workdaysAfter('2026-12-21', day, day, closed), { starts_after: count, due_after: count });
  }
});

test('a plan made from a template begins no task on a day off, nor ends one', async () => {
  const { id } = await fitOut(portal, home);
  await addTask(portal.knex, home.staff, id, { title: 'Sand', starts_on: '2027-06-07', due_on: '2027-06-08' });
  await addTask(portal.knex, home.staff, id, { title: 'Oil', starts_on: '2027-06-09', due_on: '2027-06-10' });
  const template = await saveTemplate(portal.knex, home.staff, id, 'Finish');
  await addDayOff(portal.knex, home.staff, { name: 'Closed', starts_on: '2027-07-06', ends_on: '2027-07-07' });
  const fields = { key: 'AGAIN', name: 'Again', partner: home.partner_id, starts_on: '2027-07-05', template };
  const next = await addProject(portal.knex, home.staff, fields);
  const tasks = await portal.look(home.organization_id, (db) =>
    db('tasks').where({ project_id: next }).orderBy('position').select('title', 'starts_on', 'due_on'),
  );
  assert.deepEqual(tasks, [
    { title: 'Sand', starts_on: '2027-07-05', due_on: '2027-07-08' },
    { title: 'Oil', starts_on: '2027-07-09', due_on: '2027-07-12' },
  ]);
});
