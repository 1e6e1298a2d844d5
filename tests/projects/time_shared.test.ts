import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { type Actor, withActor } from '../../src/db/scope.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { press, textOf } from '../support/forms.js';
import { harbor, type Harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { approved, at, fitOut, logTime, MONDAY } from '../support/time.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** What only staff may know, in numbers that occur nowhere else. */
const [COST, BILL, SECRET] = [41_371, 97_373, 'The hinge was our mistake'];

/** Time of Tom, approved, and of Olivia, not yet; with a timer that runs. */
async function worked(home: Harbor) {
  const fit = await fitOut(portal, home);
  const { project, desk, panels, tom } = fit;
  const { organization_id } = home;
  await portal.look(organization_id, (db) =>
    db('time_settings').insert({ organization_id, cost_rate: COST, bill_rate: BILL }),
  );
  await logTime(portal, tom, project, desk, at(0), 90, { note: 'Top fitted', internal_note: SECRET });
  await logTime(portal, tom, project, panels, at(1), 45, { note: 'Frames cut' });
  await logTime(portal, home.staff, project, desk, at(2), 600, { note: 'Not approved yet' });
  await act(portal.knex, home.staff, project, 'start_timer', { work: panels, note: 'Running now' });
  await approved(portal, home, tom, project);
  return fit;
}

const show = (home: Harbor, project: string, time_shown: string, more = {}) =>
  act(portal.knex, home.staff, project, 'set_time', { time_shown, ...more });

test('the customer sees approved time, as chosen: hours and notes, notes alone, or nothing', async () => {
  const home = await harbor(portal);
  const { project } = await worked(home);
  const url = `/${home.slug}/projects/MAPLE/time`;
  const mayas = await portal.signIn(home.maya.email);
  await mayas.get(url).expect(404);
  await show(home, project, 'hours');
  const hours = textOf((await mayas.get(url).expect(200)).text);
  assert.match(hours, /2:15 hours since/);
  assert.match(hours, /Reception desk Not started Top fitted Tom 1:30/);
  assert.match(hours, /Acoustic panels Not started Frames cut Tom 0:45/);
  await show(home, project, 'notes');
  const notes = textOf((await mayas.get(url).expect(200)).text);
  assert.match(notes, /Top fitted/);
  assert.doesNotMatch(notes, /1:30|0:45|2:15/);
  await portal.look(home.organization_id, (db) =>
    db('projects').where({ id: project }).update({ shown: '{tasks,time,comments}' }),
  );
  const nameless = textOf((await mayas.get(url).expect(200)).text);
  assert.match(nameless, /Top fitted Harbor & Pine/);
  assert.doesNotMatch(nameless.replace(/Your contacts.*/, ''), /Top fitted Tom/);
  await portal.look(home.organization_id, (db) =>
    db('tasks').where({ title: 'Reception desk' }).update({ shown: false }),
  );
  assert.match(textOf((await mayas.get(url).expect(200)).text), /Other work Top fitted/);
  await show(home, project, 'none');
  await mayas.get(url).expect(404);
  // Staff see the same block, framed, and what is not approved beside it.
  await show(home, project, 'hours');
  const olivias = await portal.signIn(home.olivia.email);
  const page = textOf((await olivias.get(url).expect(200)).text);
  assert.match(page, /What Maple Street Clinic sees/);
  assert.match(page, /2:15 hours since/);
});

/** The tables of time, as an actor sees them. */
const TABLES = ['time_entries', 'time_costs', 'time_weeks', 'time_sums', 'time_days', 'timers', 'task_time'] as const;
const MORE = [
  'time_settings',
  'time_rates',
  'project_time',
  'project_activities',
  'time_shares',
  'shared_weeks',
] as const;

const countsFor = (actor: Actor) =>
  withActor(portal.knex, actor, async (db) => {
    const counts: Record<string, number> = {};
    for (const table of [...TABLES, ...MORE]) counts[table] = (await db(table).select()).length;
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count));
  });

test('row security: each reads what is theirs, whatever a page asks', async () => {
  const home = await harbor(portal);
  const { project, lights, maya, erik, vendor } = await worked(home);
  const { knex } = portal;
  await act(knex, erik, lights, 'log_hours', { cells: [{ work: lights, day: at(0), minutes: 60 }] });
  await show(home, project, 'hours');
  assert.deepEqual(await countsFor(maya), { time_shares: 2, shared_weeks: 1 });
  assert.deepEqual(await countsFor({ ...maya, guest: true, subject_ids: [] }), {});
  assert.deepEqual(await countsFor({ ...maya, kinds: ['invoice'] }), {});
  assert.deepEqual(await countsFor({ ...maya, assurance: 'link', subject_ids: [lights] }), {});
  assert.deepEqual(await countsFor({ ...maya, assurance: 'link', subject_ids: [project] }), {
    ...{ time_shares: 2, shared_weeks: 1 },
  });
  assert.deepEqual(await countsFor(erik), { time_entries: 1, time_weeks: 1 });
  const other = await addPartner(knex, home.staff, { ...home.customer, name: 'Other', email: '' });
  const eve = await newContact(knex, home.staff, other, { name: 'Eve', email: `eve.${home.slug}@x.example` });
  assert.deepEqual(await countsFor({ ...maya, partner_id: other, person_id: eve }), {});
  assert.deepEqual(await countsFor({ ...erik, partner_id: other }), {});
  const staff = await countsFor(home.staff);
  assert.equal(staff['time_entries'], 4);
  assert.equal(staff['time_costs'], 4);
  await show(home, project, 'none');
  assert.deepEqual(await countsFor(maya), {});
  assert.ok(vendor);
});

test('no answer to a partner holds a rate, a cost, an internal note, or time that isn’t theirs', async () => {
  const home = await harbor(portal);
  const { project, lights, erik, erik_email } = await worked(home);
  await act(portal.knex, erik, lights, 'log_hours', { cells: [{ work: lights, day: at(0), minutes: 60 }] });
  await act(portal.knex, home.staff, project, 'add_person', { person: home.maya.id });
  await sentInvoice(portal, home);
  await show(home, project, 'hours');
  const project_url = `/${home.slug}/projects/MAPLE`;
  const paths = ['', '/time', '/finances', '/comments', '/time/report', '/time/report.csv', '/time/settings', '/edit'];
  const urls = [...paths.map((path) => project_url + path), `/${home.slug}`, `/${home.slug}/projects`];
  const leak = new RegExp(
    `${SECRET}|413[.,]?71|973[.,]?73|41371|97373|Not approved yet|Running now|cost_rate|bill_rate`,
  );
  for (const email of [home.maya.email, erik_email]) {
    const agent = await portal.signIn(email);
    for (const url of urls) {
      const { text, status } = await agent.get(url);
      assert.ok(status < 500, url);
      assert.doesNotMatch(text, leak, `${email} ${url}`);
    }
    const json = await agent.get(`${project_url}/time`).set('Accept', 'application/json');
    assert.doesNotMatch(json.text, leak);
    await agent.get(`${project_url}/time/report`).expect(404);
  }
  const eriks = await portal.signIn(erik_email);
  const his = textOf((await eriks.get(`${project_url}/time?week=${MONDAY}`).expect(200)).text);
  assert.match(his, /Night lighting 1:00/);
  assert.doesNotMatch(his, /Top fitted|Reception desk|Work on your project/);
});

test('the customer approves a week from its email in two clicks, once, as they saw it', async () => {
  const home = await harbor(portal);
  const { project, desk, tom, maya } = await worked(home);
  const { knex } = portal;
  const week = { week: MONDAY };
  await show(home, project, 'hours', { asks_approval: true });
  await assert.rejects(act(knex, home.staff, project, 'ask_time', week), /Nobody of the customer takes part/);
  await act(knex, home.staff, project, 'add_person', { person: home.maya.id });
  await assert.rejects(act(knex, home.staff, project, 'bill_time'), /no time that the customer has approved/);
  await act(knex, home.staff, project, 'ask_time', week);
  const email = await portal.post.to(home.maya.email, 'asks for approval of the time');
  assert.match(email.html || '', /to=time/);
  const agent = portal.browser();
  const link = /\/in\/[^"\s]*to=time[^"\s]*/.exec(email.html || '')?.[0]?.replaceAll('&amp;', '&') ?? '';
  const opened = await agent.get(link).expect(303);
  const page = String(opened.headers['location']);
  assert.match(page, /\/projects\/MAPLE\/time\?week=/);
  const shown = await agent.get(page).expect(200);
  assert.match(textOf(shown.text), /Approve 2:15 hours/);
  // Meanwhile Olivia's time is approved, too: what they saw is no more all of it.
  await act(knex, home.staff, project, 'discard_timer');
  await approved(portal, home, home.staff, project);
  const url = `/${home.slug}/projects/MAPLE/approve_time`;
  await press(agent, url, { ...week, minutes: '135' })
    .expect(422)
    .expect(/Time was added or changed/);
  await act(knex, home.staff, project, 'ask_time', week);
  await press(agent, url, { ...week, minutes: '735' }).expect(303);
  await portal.post.to(home.olivia.email, 'approved the time');
  const again = press(agent, url, { ...week, minutes: '735' });
  await again.expect(409);
  await assert.rejects(
    act(knex, home.staff, project, 'send_back_week', { ...week, person: home.tom.id, reason: 'No' }),
    /approved it, or it is billed/,
  );
  await assert.rejects(logTime(portal, tom, project, desk, at(3), 5), /approved/);
  await assert.rejects(act(knex, maya, project, 'bill_time'), /not yours to do/);
  await assert.rejects(act(knex, maya, project, 'log_time', { cells: [] }), /not yours to do/);
  await assert.rejects(act(knex, partnerActor(home, home.noah), project, 'approve_time', week), /approved already/);
});

test('a vendor’s people log on their own tasks, submit their week, and are told what came of it', async () => {
  const home = await harbor(portal);
  const { project, desk, lights, erik, erik_email } = await fitOut(portal, home);
  const { knex } = portal;
  const url = `/${home.slug}/projects/MAPLE/time`;
  const eriks = await portal.signIn(erik_email);
  await press(eriks, `${url}/log`, { week: MONDAY, [`m:${lights}:${at(0)}`]: '6:30' }).expect(303);
  await press(eriks, `${url}/log`, { week: MONDAY, [`m:${desk}:${at(0)}`]: '1' }).expect(404);
  const cells = [{ work: desk, day: at(0), minutes: 60 }];
  await assert.rejects(act(knex, erik, lights, 'log_hours', { cells }), /Choose a task/);
  await press(eriks, `${url}/log`, { week: MONDAY, task: lights, then: 'submit' }).expect(303);
  await press(eriks, `${url}/log`, { week: MONDAY, [`m:${lights}:${at(1)}`]: '1' })
    .expect(422)
    .expect(/Withdraw it first/);
  const theirs = { week: MONDAY, person: erik.person_id };
  await act(knex, home.staff, project, 'send_back_week', { ...theirs, reason: 'Which lamps?' });
  await portal.post.to(erik_email, 'Which lamps?');
  await act(knex, erik, lights, 'submit_hours', { week: MONDAY });
  await act(knex, home.staff, project, 'approve_week', theirs);
  await portal.post.to(erik_email, 'approved 6:30 hours');
  await show(home, project, 'hours');
  const mayas = await portal.signIn(home.maya.email);
  assert.match(textOf((await mayas.get(url).expect(200)).text), /Night lighting .*Electrician 6:30/);
});
