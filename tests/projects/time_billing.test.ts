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

/** Two approved tasks at 90.00 an hour, of Tom. */
async function toBill(home: Harbor) {
  const fit = await fitOut(portal, home);
  const { project, desk, panels, tom } = fit;
  const { organization_id } = home;
  await act(portal.knex, home.staff, project, 'add_person', { person: home.maya.id });
  await logTime(portal, tom, project, desk, at(0), 90);
  await logTime(portal, tom, project, desk, at(1), 20);
  await logTime(portal, tom, project, panels, at(1), 60);
  await approved(portal, home, tom, project);
  await portal.look(organization_id, (db) => db('time_settings').insert({ organization_id, bill_rate: 9000 }));
  return fit;
}

const left = async ({ organization_id }: Harbor) =>
  Number((await portal.look(organization_id, (db) => db('project_time').first())).unbilled_minutes);

test('time is billed by task, hours by rate, and never twice', async () => {
  const home = await harbor(portal);
  const { project } = await toBill(home);
  const { knex } = portal;
  const rate = (bill_rate: number | null) =>
    portal.look(home.organization_id, (db) => db('time_settings').update({ bill_rate }));
  await rate(null);
  await assert.rejects(act(knex, home.staff, project, 'bill_time'), /Set a rate for Tom Reyes first/);
  // The rates come after the time was approved.
  await rate(9000);
  await act(knex, home.staff, project, 'set_time', { time_shown: 'none' });
  await act(knex, home.staff, project, 'send_back_week', { week: MONDAY, person: home.tom.id, reason: 'Rates' });
  const tom = { ...home.staff, role: 'member' as const, person_id: home.tom.id };
  await approved(portal, home, tom, project);
  const bill = () => act(knex, home.staff, project, 'bill_time');
  const clicks = await Promise.allSettled([bill(), bill()]);
  const [made] = clicks.flatMap((click) => (click.status === 'fulfilled' ? [click.value] : []));
  assert.deepEqual(clicks.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.ok(made?.created_id);
  const lines = await portal.look(home.organization_id, (db) =>
    db('lines').where({ document_id: made.created_id }).orderBy('description').select(),
  );
  assert.deepEqual(
    lines.map(({ description, quantity, unit_price, amount }) => [
      description.split('\n')[0],
      Number(quantity),
      Number(unit_price),
      Number(amount),
    ]),
    [
      ['Acoustic panels', 1, 90, 9000],
      ['Reception desk', 1.8333, 90, 16500],
    ],
  );
  assert.equal(await left(home), 0);
  await assert.rejects(bill(), /There is no approved time to bill/);
  await act(knex, home.staff, made.created_id, 'discard');
  assert.equal(await left(home), 170);
  const second = await bill();
  await act(knex, home.staff, second.created_id ?? '', 'send');
  await act(knex, home.staff, second.created_id ?? '', 'void', { reason: 'Wrong' });
  assert.equal(await left(home), 170);
});

test('who may not invoice may not bill time; the button leads to the draft', async () => {
  const home = await harbor(portal);
  const { project } = await toBill(home);
  const { knex } = portal;
  await act(knex, home.staff, project, 'set_time', { time_shown: 'hours', bill_rate: 12_000 });
  await act(knex, home.staff, project, 'send_back_week', { week: MONDAY, person: home.tom.id, reason: 'Rates' });
  const tom = { ...home.staff, role: 'member' as const, person_id: home.tom.id };
  await approved(portal, home, tom, project);
  await assert.rejects(act(knex, { ...tom, role: 'viewer' }, project, 'bill_time'), /not yours to do/);
  const toms = await portal.signIn(home.tom.email);
  const url = `/${home.slug}/projects/MAPLE`;
  assert.match(textOf((await toms.get(`${url}/time`).expect(200)).text), /2:50 approved hours not billed Bill time/);
  const { headers } = await toms
    .post(`${url}/bill_time`)
    .type('form')
    .send({ form_token: 'a-token-of-this-form' })
    .expect(303);
  const again = await toms
    .post(`${url}/bill_time`)
    .type('form')
    .send({ form_token: 'a-token-of-this-form' })
    .expect(303);
  assert.equal(again.headers['location'], headers['location']);
  const draft = await toms.get(String(headers['location'])).expect(200);
  assert.match(draft.text, /value="120(\.00)?"/);
  await press(toms, `${url}/bill_time`)
    .expect(422)
    .expect(/no approved time to bill/);
});

test('settings: rates and a closed period, by admins alone; a report and its CSV', async () => {
  const home = await harbor(portal);
  const { project, desk, tom } = await fitOut(portal, home);
  const url = `/${home.slug}/settings/organization/time`;
  const toms = await portal.signIn(home.tom.email);
  await toms.get(url).expect(403);
  const olivias = await portal.signIn(home.olivia.email);
  await press(olivias, url, { closed_on: at(-7), cost: 'much', billed: '90' })
    .expect(422)
    .expect(/value="much"[\s\S]*Enter an amount, or leave it empty\./);
  await press(olivias, url, { closed_on: at(-7), cost: '40', billed: '90', [`cost:${home.tom.id}`]: '50' }).expect(303);
  await logTime(portal, tom, project, desk, at(0), 60, { note: '=SUM(A1)' });
  const costs = await portal.look(home.organization_id, (db) => db('time_costs').first());
  assert.deepEqual([costs.cost_rate, costs.bill_rate].map(Number), [5000, 9000]);
  const report = `/${home.slug}/projects/MAPLE/time/report`;
  for (const by of ['person', 'task', 'week'])
    assert.match(textOf((await toms.get(`${report}?by=${by}`).expect(200)).text), /Total 1:00 0:00/);
  const csv = await toms
    .get(`${report}.csv`)
    .expect(200)
    .expect('Content-Type', /text\/csv/);
  assert.match(csv.text, /Tom Reyes,Reception desk,'=SUM\(A1\),1,Open/);
});

test('people of vendors have rates once they have logged time: what their hours cost and are billed with', async () => {
  const home = await harbor(portal);
  const { project, lights, erik, erik_email } = await fitOut(portal, home);
  const { knex } = portal;
  const url = `/${home.slug}/settings/organization/time`;
  const olivias = await portal.signIn(home.olivia.email);
  assert.doesNotMatch((await olivias.get(url).expect(200)).text, /Erik Lund/);
  await act(knex, erik, lights, 'log_hours', { cells: [{ work: lights, day: at(0), minutes: 90 }] });
  const page = await olivias.get(url).expect(200);
  assert.match(textOf(page.text), /Erik Lund · Northern Timber/);
  assert.match(page.text, /aria-label="Cost per hour: Erik Lund · Northern Timber"/);
  await act(knex, erik, lights, 'submit_hours', { week: MONDAY });
  await act(knex, home.staff, project, 'approve_week', { week: MONDAY, person: erik.person_id });
  await act(knex, home.staff, project, 'add_person', { person: home.maya.id });
  await assert.rejects(act(knex, home.staff, project, 'bill_time'), /Set a rate for Erik Lund first/);
  const field = String(erik.person_id);
  await press(olivias, url, { [`cost:${field}`]: '60', [`billed:${field}`]: '-1' }).expect(422);
  await press(olivias, url, { [`cost:${field}`]: '60', [`billed:${field}`]: '95.50' }).expect(303);
  const { created_id } = await act(knex, home.staff, project, 'bill_time');
  const [line, costs] = await portal.look(home.organization_id, async (db) => [
    await db('lines').where({ document_id: created_id }).first(),
    await db('project_time').first(),
  ]);
  // 1.5 hours: 143.25 billed, 90.00 cost.
  assert.deepEqual([Number(line.amount), Number(costs.cost)], [14_325, 9000]);
  const eriks = await portal.signIn(erik_email);
  const shown = await eriks.get(`/${home.slug}/projects/MAPLE/time`).expect(200);
  assert.doesNotMatch(shown.text, /95[.,]50|60\.00/);
  await eriks.get(url).expect(404);
});
