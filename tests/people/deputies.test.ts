import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endAbsences } from '../../src/people/members/absences.js';
import { changeLimits } from '../../src/people/members/change_limits.js';
import { changeRole } from '../../src/people/members/change_role.js';
import { addStaff } from '../../src/people/organization.js';
import { day } from '../support/days.js';
import { errorsIn, post, press, refused, textOf } from '../support/forms.js';
import { draftInvoice, type Harbor, harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** Tom sees to an invoice; June is a member of the staff who has nothing to do with it. */
async function tomAndJune() {
  const home = await harbor(portal);
  const organization = await portal.look(home.organization_id, (db) => db('organizations').first());
  const email = home.tom.email.replace('tom', 'june');
  const june = { id: await addStaff(portal.knex, organization, { name: 'June Bell', email }, 'member'), email };
  const invoice = await sentInvoice(portal, home);
  const tom = await portal.signIn(home.tom.email);
  await press(tom, `${invoice.url}/comment`, { text: 'I see to this' }).expect(303);
  return { home, june, invoice, tom };
}

const absenceOf = (home: Harbor, id: string) => `/${home.slug}/settings/members/${id}/absence`;

test('while Tom is away, June gets his mail, and what she does there is for Tom; then he hears of it', async () => {
  const { home, june, invoice, tom } = await tomAndJune();
  const days = { from_on: day(0), until_on: day(3), deputy_id: june.id };
  await post(tom, absenceOf(home, home.tom.id), days);
  await portal.post.to(june.email, 'You stand in for Tom Reyes');
  assert.match(textOf((await tom.get(`/${home.slug}/settings/members`)).text), /Away .*: June Bell stands in/);
  const maya = await portal.open(await portal.post.to(home.maya.email, 'I see to this'));
  await press(maya, `${invoice.url}/comment`, { text: 'Which account?' }).expect(303);
  const received = await portal.post.to(june.email, 'Which account?');
  assert.match(received.text ?? '', /You get this because Tom Reyes is away until/);
  await portal.post.to(home.tom.email, 'Which account?');
  const today = async () => textOf((await (await portal.signIn(june.email)).get(`/${home.slug}/desk`)).text);
  assert.match(await today(), /wrote about invoice \S+ Which account\? · for Tom Reyes/);
  await portal.reply(received, 'The one on the invoice.');
  const told = await portal.post.to(home.maya.email, 'The one on the invoice');
  assert.match(told.text ?? '', /June Bell, for Tom Reyes/);
  const browser = await portal.signIn(june.email);
  await press(browser, `${invoice.url}/void`, { reason: 'Twice' }).expect(403);
  const part = { subject_id: invoice.id, person_id: june.id };
  assert.deepEqual(await portal.look(home.organization_id, (db) => db('participants').where(part)), []);
  // The day after the last.
  await endAbsences(portal.knex, new Date(Date.now() + 5 * 86_400_000));
  await endAbsences(portal.knex, new Date(Date.now() + 5 * 86_400_000));
  const summary = await portal.post.to(home.tom.email, 'Welcome back to Harbor & Pine');
  assert.match(summary.text ?? '', /June Bell, for Tom Reyes, commented|June Bell, for Tom Reyes/);
  await press(maya, `${invoice.url}/comment`, { text: 'Paid now' }).expect(303);
  await portal.post.to(home.tom.email, 'Paid now');
  await portal.idle();
  assert.ok(!portal.post.emails.some(({ recipient, text }) => recipient === june.email && text?.includes('Paid now')));
});

test('a deputy keeps their own role; limits go along only if that was chosen', async () => {
  const { home, june, tom } = await tomAndJune();
  await changeRole(portal.knex, home.staff, june.id, 'manager');
  await changeLimits(portal.knex, home.staff, june.id, { send: 5000, approve: null });
  await changeLimits(portal.knex, home.staff, home.tom.id, { send: 20000, approve: null });
  const draft = await draftInvoice(portal, home);
  const send = `/${home.slug}/documents/${draft}/send`;
  const browser = await portal.signIn(june.email);
  const days = { from_on: day(0), until_on: day(3), deputy_id: june.id };
  await post(tom, absenceOf(home, home.tom.id), days);
  await refused(browser, send, 403);
  await post(tom, absenceOf(home, home.tom.id), { ...days, with_limits: 'on' });
  // What Tom may not do any more, his deputy may not either.
  await changeLimits(portal.knex, home.staff, home.tom.id, { send: 6000, approve: null });
  await refused(browser, send, 403);
  await changeLimits(portal.knex, home.staff, home.tom.id, { send: 20000, approve: null });
  await press(browser, send).expect(303);
  await post(tom, `${absenceOf(home, home.tom.id)}/cancel`);
  await portal.post.to(june.email, 'You no longer stand in for Tom Reyes');
  await refused(browser, `/${home.slug}/documents/${await draftInvoice(portal, home)}/send`, 403);
});

test('an absence is set by the person or an admin, on days that are some, with a deputy of the staff', async () => {
  const { home, june, tom } = await tomAndJune();
  const days = { from_on: day(5), until_on: day(3), deputy_id: june.id };
  const wrong = async (fields: object) =>
    errorsIn(await refused(tom, absenceOf(home, home.tom.id), 422, { ...fields }));
  assert.deepEqual(await wrong(days), ['The last day is before the first.']);
  assert.deepEqual(await wrong({ ...days, from_on: '2026-02-30' }), ['Give a date.']);
  assert.deepEqual(await wrong({ ...days, from_on: day(-9), until_on: day(-8) }), ['This day has passed.']);
  for (const deputy_id of [home.tom.id, home.maya.id, 'x', '']) {
    const errors = await wrong({ ...days, until_on: day(9), deputy_id });
    assert.deepEqual(errors, ['Choose a deputy.']);
  }
  await refused(tom, absenceOf(home, june.id), 403, { ...days, deputy_id: home.olivia.id, until_on: day(9) });
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, absenceOf(home, home.tom.id), { ...days, until_on: day(9) });
  await portal.post.to(home.tom.email, 'June Bell stands in for you');
});
