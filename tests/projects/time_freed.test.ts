import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { readLines } from '../../src/documents/content/content_store.js';
import { draftDocument, harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { press, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { approved, at, fitOut, logTime, MONDAY } from '../support/time.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

/** Tom's approved time: 110 minutes on the desk, 60 on the panels, at 90.00 an hour. */
async function billed(home: Harbor) {
  const { organization_id } = home;
  const fit = await fitOut(portal, home);
  const { project, desk, panels, tom } = fit;
  await portal.look(organization_id, (db) => db('time_settings').insert({ organization_id, bill_rate: 9000 }));
  await act(portal.knex, home.staff, project, 'add_person', { person: home.maya.id });
  await logTime(portal, tom, project, desk, at(0), 110);
  await logTime(portal, tom, project, panels, at(1), 60);
  await approved(portal, home, tom, project);
  return { ...fit, invoice: await bill(home, project) };
}

const bill = async (home: Harbor, project: string) =>
  String((await act(portal.knex, home.staff, project, 'bill_time')).created_id);

const unbilled = ({ organization_id }: Harbor) =>
  portal.look(organization_id, async (db) => Number((await db('project_time').first()).unbilled_minutes));

const linesOf = ({ organization_id }: Harbor, id: string) =>
  portal.look(organization_id, (db) => readLines(db, { organization_id, id }));

/** Saves an invoice with these of its lines. */
async function keep(home: Harbor, id: string, action: 'edit' | 'revise', starts: string[]) {
  const lines = await linesOf(home, id);
  const kept = lines.filter(({ description }) => starts.some((start) => description.startsWith(start)));
  const fields = { title: 'Time', issued_on: '2026-11-01', due_on: '2026-12-01', recipients: [home.maya.id] };
  await act(portal.knex, home.staff, id, action, { content: { ...fields, lines: kept } });
  return lines;
}

test('time of a line that is deleted from its draft is billed again, once, whoever is faster', async () => {
  const home = await harbor(portal);
  const { project, invoice } = await billed(home);
  assert.equal(await unbilled(home), 0);
  const lines = await keep(home, invoice, 'edit', ['Acoustic']);
  assert.equal(await unbilled(home), 110);
  // The line is put back before somebody else bills it.
  const fields = { title: 'Time', issued_on: '2026-11-01', due_on: '2026-12-01', recipients: [home.maya.id] };
  const restore = () => act(portal.knex, home.staff, invoice, 'edit', { content: { ...fields, lines } });
  await restore();
  assert.equal(await unbilled(home), 0);
  await keep(home, invoice, 'edit', []);
  assert.equal(await unbilled(home), 170);
  const both = await Promise.allSettled([bill(home, project), bill(home, project)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.equal(await unbilled(home), 0);
  // By then its time is on another invoice, and stays there.
  await restore();
  await act(portal.knex, home.staff, invoice, 'discard');
  assert.equal(await unbilled(home), 0);
});

test('a discarded draft, a void invoice and a revised one set their time free', async () => {
  const home = await harbor(portal);
  const { project, invoice } = await billed(home);
  await act(portal.knex, home.staff, invoice, 'discard');
  assert.equal(await unbilled(home), 170);
  const second = await bill(home, project);
  await act(portal.knex, home.staff, second, 'send');
  await keep(home, second, 'revise', ['Reception']);
  assert.equal(await unbilled(home), 60);
  await act(portal.knex, home.staff, second, 'void', { reason: 'Wrong' });
  assert.equal(await unbilled(home), 170);
});

test('a line that is credited in full can be billed again; in part, it can’t; without the credit, it is billed', async () => {
  const home = await harbor(portal);
  const { invoice } = await billed(home);
  await act(portal.knex, home.staff, invoice, 'send');
  const credit = async (starts: string, quantity?: string) => {
    const id = String((await act(portal.knex, home.staff, invoice, 'credit_note')).created_id);
    const lines = (await linesOf(home, id)).filter(({ description }) => description.startsWith(starts));
    const fields = { title: 'Credit', issued_on: '2026-11-01', due_on: '2026-12-01', recipients: [home.maya.id] };
    const parts = lines.map((line) => (quantity ? { ...line, quantity } : line));
    await act(portal.knex, home.staff, id, 'edit', { content: { ...fields, lines: parts } });
    await act(portal.knex, home.staff, id, 'send');
    return id;
  };
  await credit('Reception', '0.5');
  assert.equal(await unbilled(home), 0);
  const whole = await credit('Acoustic');
  assert.equal(await unbilled(home), 60);
  await act(portal.knex, home.staff, whole, 'void', { reason: 'Wrong' });
  assert.equal(await unbilled(home), 0);
});

test('other invoices are left alone', async () => {
  const home = await harbor(portal);
  await billed(home);
  const fields = { title: 'Shelf', issued_on: '2026-11-01', due_on: '2026-12-01', recipients: [home.maya.id] };
  const other = await draftDocument(portal, home, 'invoice', {
    ...fields,
    lines: [{ description: 'Shelf', unit_price: '5' }],
  });
  await act(portal.knex, home.staff, other, 'discard');
  assert.equal(await unbilled(home), 0);
});

test('the customer approves a part and asks about the rest; the invoice says what is approved, and by whom', async () => {
  const home = await harbor(portal);
  const { project, desk, panels, tom, maya } = await fitOut(portal, home);
  const { knex } = portal;
  const { organization_id } = home;
  const week = { week: MONDAY };
  await portal.look(organization_id, (db) => db('time_settings').insert({ organization_id, bill_rate: 9000 }));
  await act(knex, home.staff, project, 'add_person', { person: home.maya.id });
  await logTime(portal, tom, project, desk, at(0), 110, { note: 'Top fitted' });
  await logTime(portal, tom, project, panels, at(1), 60);
  await approved(portal, home, tom, project);
  await act(knex, home.staff, project, 'set_time', { time_shown: 'hours', asks_approval: true });
  await act(knex, home.staff, project, 'ask_time', week);
  const mayas = await portal.signIn(home.maya.email);
  const url = `/${home.slug}/projects/MAPLE`;
  const page = await mayas.get(`${url}/time`).expect(200);
  assert.match(textOf(page.text), /Approve 2:50 hours Approve a part, or ask/);
  const seen = { ...week, minutes: '170', part: 'on' };
  await press(mayas, `${url}/approve_time`, seen)
    .expect(422)
    .expect(/Choose what you approve/);
  await press(mayas, `${url}/approve_time`, { ...seen, works: desk }).expect(303);
  await press(mayas, `${url}/approve_time`, { ...seen, works: desk }).expect(409);
  const partly = textOf((await mayas.get(`${url}/time`).expect(200)).text);
  assert.match(partly, /Partly approved Approve 1:00 hours/);
  await press(mayas, `${url}/question_time`, { ...week, message: '' }).expect(422);
  await press(mayas, `${url}/question_time`, { ...week, message: 'Which panels?' }).expect(303);
  const email = await portal.post.to(home.olivia.email, 'has a question about the time');
  assert.match(email.text ?? '', /Which panels\?/);
  const olivias = await portal.signIn(home.olivia.email);
  const staffs = textOf((await olivias.get(`${url}/time`).expect(200)).text);
  assert.match(staffs, /Maya Chen has a question/);
  assert.match(staffs, /2:50 hours not billed, 1:50 approved by the customer/);
  const invoice = await bill(home, project);
  const [line, ...none] = await linesOf(home, invoice);
  assert.equal(none.length, 0);
  assert.match(line?.description ?? '', /^Reception desk\n.+\nApproved by Maya Chen\.$/);
  await assert.rejects(act(knex, home.staff, project, 'bill_time'), /no time that the customer has approved/);
  // Asked again, the rest is approved.
  await act(knex, home.staff, project, 'ask_time', week);
  await assert.rejects(
    act(knex, partnerActor(home, home.noah), project, 'approve_time', {
      ...{ ...week, part: true, works: [desk] },
    }),
    /approved already/,
  );
  await act(knex, maya, project, 'approve_time', { ...week, minutes: '170' });
  assert.match(textOf((await mayas.get(`${url}/time`)).text), /Approved by Maya Chen\./);
  await assert.rejects(act(knex, maya, project, 'question_time', { ...week, message: 'Late' }), /approved already/);
  assert.equal(await unbilled(home), 60);
});
