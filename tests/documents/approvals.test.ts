import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changeRole } from '../../src/people/members/change_role.js';
import { addStaff } from '../../src/people/organization.js';
import { changeLimits } from '../../src/people/members/change_limits.js';
import { day } from '../support/days.js';
import { post, press, refused, textOf } from '../support/forms.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { lineFields, row, type Workshop, workshop } from '../support/vendors.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const numberOf = (path: string) => path.split('/').at(-1) ?? '';
const stateOf = async (home: Workshop, path: string) => (await row(portal, home, numberOf(path))).state;

/** One more of the staff, signed in. */
async function joins(home: Workshop, first: string, role: 'manager' | 'accountant') {
  const person = { name: `${first} Hart`, email: `${first.toLowerCase()}.${home.slug}@harbor.example` };
  const organization = await portal.look(home.organization_id, (db) => db('organizations').first());
  const id = await addStaff(portal.knex, organization, person, 'manager');
  if (role !== 'manager') await changeRole(portal.knex, home.staff, id, role);
  return { ...person, id, browser: await portal.signIn(person.email) };
}

/** A bill of 800.00, entered and sent by somebody: its vendor, or the staff for it. Returns its path. */
async function bills(home: Workshop, agent: Browser, partner = '') {
  const form = { title: 'Boards', issued_on: day(0), due_on: day(14), currency: 'USD', save: '1' };
  const draft = await post(agent, `/${home.slug}/bills/new${partner}`, {
    ...form,
    ...lineFields([['Oak', '2', '400']]),
  });
  return post(agent, `${draft}/submit`);
}

const needTwoAbove = (home: Workshop, two_approvals_above: string) =>
  press(home.desk, `/${home.slug}/settings/organization/security`, { two_approvals_above });

test('above the organization’s amount a second person approves; those who can are emailed, the vendor once it is done', async () => {
  const home = await workshop(portal);
  const amy = await joins(home, 'Amy', 'accountant');
  const ben = await joins(home, 'Ben', 'manager');
  const low = await joins(home, 'Low', 'manager');
  await changeLimits(portal.knex, home.staff, low.id, { send: null, approve: 10_000 });
  await needTwoAbove(home, 'a lot').expect(422, /Enter an amount, or leave it blank/);
  await needTwoAbove(home, '500').expect(303);
  const nora = await portal.signIn(home.nordholz.person.email);
  const bill = await bills(home, nora);
  // One approval isn't enough, however it is asked for.
  await refused(amy.browser, `${bill}/approve`, 409);
  await post(amy.browser, `${bill}/approve_first`);
  assert.equal(await stateOf(home, bill), 'partly_approved');
  const asked = await portal.post.to(ben.email, '1 of 2 approvals');
  assert.match(String(asked.subject), new RegExp(numberOf(bill)));
  assert.match(textOf((await ben.browser.get(bill).expect(200)).text), /1 of 2 approvals/);
  // Nor twice by the same person, nor by who may not approve so much.
  assert.doesNotMatch((await amy.browser.get(bill)).text, /\/approve"/);
  await refused(amy.browser, `${bill}/approve`, 403);
  await refused(low.browser, `${bill}/approve`, 403);
  await post(ben.browser, `${bill}/approve`);
  assert.equal(await stateOf(home, bill), 'approved');
  await portal.post.to(home.nordholz.person.email, 'approved');
  assert.equal(
    portal.post.emails.filter(({ recipient, text }) => recipient === low.email && text?.includes(numberOf(bill)))
      .length,
    0,
    'who may not approve it wasn’t asked',
  );
});

test('two who approve at the same time are two; what was sent back is approved anew', async () => {
  const home = await workshop(portal);
  const [amy, ben] = [await joins(home, 'Amy', 'accountant'), await joins(home, 'Ben', 'manager')];
  await needTwoAbove(home, '500').expect(303);
  const nora = await portal.signIn(home.nordholz.person.email);
  const bill = await bills(home, nora);
  const both = await Promise.all([amy, ben].map(({ browser }) => press(browser, `${bill}/approve_first`)));
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 409],
  );
  assert.equal(await stateOf(home, bill), 'partly_approved');
  await post(home.desk, `${bill}/send_back`, { message: 'Freight is missing.' });
  const found = await row(portal, home, numberOf(bill));
  const form = { title: 'Boards', issued_on: day(0), due_on: day(14), currency: 'USD' };
  await post(nora, `${bill}/resubmit`, { ...form, ...lineFields([['Oak', '2', '401']]), message: 'With freight' });
  const again = await row(portal, home, numberOf(bill));
  assert.deepEqual([found.state, again.state, again.approved_by], ['in_revision', 'submitted', null]);
  await post(amy.browser, `${bill}/approve_first`);
  await post(ben.browser, `${bill}/approve`);
});

test('nobody approves a bill that they entered, except an owner whom nobody else could help', async () => {
  const home = await workshop(portal);
  const enter = (agent: Browser) => bills(home, agent, `?partner=${home.nordholz.id}`);
  // Tom, a member, may not approve: Olivia is alone, and not locked out.
  const own = await enter(home.desk);
  await post(home.desk, `${own}/approve`);
  const amy = await joins(home, 'Amy', 'manager');
  const hers = await enter(amy.browser);
  await refused(amy.browser, `${hers}/approve`, 403);
  const other = await enter(home.desk);
  await refused(home.desk, `${other}/approve`, 403);
  await post(home.desk, `${hers}/approve`);
  await post(amy.browser, `${other}/approve`);
  // Alone again, above the amount: once for each approval.
  await needTwoAbove(home, '500').expect(303);
  const big = await enter(amy.browser);
  await post(home.desk, `${big}/approve_first`);
  await post(home.desk, `${big}/approve`);
  assert.equal(await stateOf(home, big), 'approved');
});
