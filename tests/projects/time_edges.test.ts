import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { press, textOf } from '../support/forms.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { approved, at, fitOut, logTime, MONDAY } from '../support/time.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const minutesByDay = ({ organization_id }: Harbor) =>
  portal.look(organization_id, async (db) => {
    const rows: { day: string; minutes: number }[] = await db('time_days')
      .where('minutes', '>', 0)
      .orderBy('day')
      .select();
    return Object.fromEntries(rows.map(({ day, minutes }) => [day, minutes]));
  });

test('a timer over midnight and over the end of summer time counts the minutes that went by, on the local days', async () => {
  const home = await harbor(portal);
  const { project, desk, tom } = await fitOut(portal, home);
  const { knex } = portal;
  const inBerlin = { ...tom, time_zone: 'Europe/Berlin', organization_zone: 'Europe/Berlin' };
  const run = async (from: string, to: string) => {
    await act(knex, { ...inBerlin, now: new Date(from) }, project, 'start_timer', { work: desk });
    await act(knex, { ...inBerlin, now: new Date(to) }, project, 'stop_timer');
  };
  // 00:30 in summer time until 04:00 in winter time: four and a half hours.
  await run('2026-10-24T22:30:00Z', '2026-10-25T03:00:00Z');
  // 23:15 until 01:10.
  await run('2026-10-25T22:15:00Z', '2026-10-26T00:10:00Z');
  // 01:30 until 03:30 in summer time: one hour.
  await run('2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z');
  assert.deepEqual(await minutesByDay(home), { '2026-03-29': 60, '2026-10-25': 270 + 45, '2026-10-26': 70 });
});

test('a forgotten timer ends after a day, and no day gets more than 24 hours from it', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom } = await fitOut(portal, home);
  const { knex } = portal;
  await logTime(portal, tom, project, panels, at(1), 1430);
  await act(knex, { ...tom, now: new Date(`${at(1)}T20:00:00Z`) }, project, 'start_timer', { work: desk });
  await act(knex, { ...tom, now: new Date(`${at(4)}T09:00:00Z`) }, project, 'stop_timer');
  assert.deepEqual(await minutesByDay(home), { [at(1)]: 1440, [at(2)]: 1200 });
  const stopped = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'stop_timer' }).first('details'),
  );
  // Four hours of the first day are left, of which ten minutes fit.
  assert.deepEqual([stopped.details.minutes, stopped.details.lost], [1210, 230]);
});

test('a period that is closed while a timer runs keeps it out, and says so; reopened, it is saved', async () => {
  const home = await harbor(portal);
  const { project, desk, tom } = await fitOut(portal, home);
  const { knex } = portal;
  const { organization_id } = home;
  await act(knex, { ...tom, now: new Date(`${at(1)}T22:00:00Z`) }, project, 'start_timer', { work: desk });
  const settings = '/settings/organization/time';
  const olivias = await portal.signIn(home.olivia.email);
  await press(olivias, `/${home.slug}${settings}`, { closed_on: at(1) }).expect(303);
  const stop = () => act(knex, { ...tom, now: new Date(`${at(2)}T01:00:00Z`) }, project, 'stop_timer');
  await assert.rejects(stop(), /is closed\. Ask an admin to reopen it/);
  assert.equal((await portal.look(organization_id, (db) => db('timers').select())).length, 1);
  await press(olivias, `/${home.slug}${settings}`, { closed_on: '' }).expect(303);
  await stop();
  assert.deepEqual(await minutesByDay(home), { [at(1)]: 120, [at(2)]: 60 });
});

test('what somebody logged who has left waits for approval, and can be billed', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom } = await fitOut(portal, home);
  const { knex } = portal;
  const { organization_id } = home;
  await portal.look(organization_id, (db) => db('time_settings').insert({ organization_id, bill_rate: 9000 }));
  await act(knex, home.staff, project, 'add_person', { person: home.maya.id });
  await logTime(portal, tom, project, desk, at(0), 95);
  await act(knex, tom, project, 'start_timer', { work: panels });
  await portal.look(organization_id, (db) =>
    db('people').where({ id: home.tom.id }).update({ removed_at: new Date() }),
  );
  assert.equal((await portal.look(organization_id, (db) => db('timers').select())).length, 0);
  const olivias = await portal.signIn(home.olivia.email);
  const page = await olivias.get(`/${home.slug}/projects/MAPLE/time`).expect(200);
  assert.match(textOf(page.text), /Weeks to approve Tom Reyes .+ 1:35 Approve/);
  await act(knex, home.staff, project, 'approve_week', { week: MONDAY, person: home.tom.id });
  const { created_id } = await act(knex, home.staff, project, 'bill_time');
  const line = await portal.look(organization_id, (db) => db('lines').where({ document_id: created_id }).first());
  // 1.5833 hours at 90.00.
  assert.equal(Number(line.amount), 14_250);
});

test('approved time stays as it is, whoever changes it', async () => {
  const home = await harbor(portal);
  const { project, desk, tom } = await fitOut(portal, home);
  await logTime(portal, tom, project, desk, at(0), 60);
  await approved(portal, home, tom, project);
  for (const minutes of [90, null])
    await assert.rejects(logTime(portal, tom, project, desk, at(0), minutes), /This week is approved/);
  await assert.rejects(logTime(portal, tom, project, desk, at(0), 5, { add: true }), /This week is approved/);
  const stopAt = { ...tom, now: new Date(`${at(1)}T11:00:00Z`) };
  await act(portal.knex, { ...tom, now: new Date(`${at(1)}T10:00:00Z`) }, project, 'start_timer', { work: desk });
  await assert.rejects(act(portal.knex, stopAt, project, 'stop_timer'), /This week is approved/);
  assert.deepEqual(await minutesByDay(home), { [at(0)]: 60 });
});
