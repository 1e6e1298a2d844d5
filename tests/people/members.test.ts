import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { changeLimits } from '../../src/people/members/change_limits.js';
import { changeRole } from '../../src/people/members/change_role.js';
import { removeMember } from '../../src/people/members/remove_member.js';
import { type Actor, asPerson, type PersonRow, type Role } from '../../src/db/scope.js';
import { day } from '../support/days.js';
import { errorsIn, post, press, refused, textOf } from '../support/forms.js';
import { draftInvoice, type Harbor, harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const listOf = (home: Harbor) => `/${home.slug}/settings/members`;

const rowOf = async (home: Harbor, email: string): Promise<PersonRow & { pending: boolean; removed_at: Date | null }> =>
  portal.look(home.organization_id, (db) => db('people').where({ email, partner_id: null }).first());

/** Takes an invitation, as its wizard does. */
const join = (home: Harbor, email: string) =>
  portal.look(home.organization_id, (db) => db('people').where({ email }).update({ activated_at: db.fn.now() }));

/** Somebody of the staff in a role, as an actor. */
async function colleague(home: Harbor, role: Role, email = `${role}@${home.slug}.example`): Promise<Actor> {
  const olivia = await portal.signIn(home.olivia.email);
  const invited = role === 'owner' ? 'member' : role;
  await post(olivia, listOf(home), { emails: email, role: invited });
  await join(home, email);
  const { id } = await rowOf(home, email);
  if (role === 'owner') await changeRole(portal.knex, home.staff, id, role);
  return asPerson(await rowOf(home, email), null);
}

test('people are invited by email, several at once, and have no access until they join', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const kai = `kai.adler@${home.slug}.example`;
  await post(olivia, listOf(home), { emails: `${kai}, june@${home.slug}.example`, role: 'member' });
  const received = await portal.post.to(kai);
  assert.match(received.text ?? '', /Olivia Grant invites you to work at Harbor & Pine’s desk/);
  assert.match(received.text ?? '', /\/invitation\//);
  const page = textOf((await olivia.get(listOf(home)).expect(200)).text);
  assert.match(page, /Kai Adler kai\.adler@\S+ .*Invited .*Resend : Kai Adler .*Withdraw/);
  // A contact of a partner is invited to the staff: until she joins she is the contact she was.
  const maya = await portal.signIn(home.maya.email);
  await post(olivia, listOf(home), { emails: home.maya.email, role: 'member' });
  await maya.get(`/${home.slug}/desk`).expect(404);
  await join(home, home.maya.email);
  await maya.get(`/${home.slug}/desk`).expect(200);
});

test('who is there already, and what is no address, comes back beside its field; nobody is invited twice', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const invite = (emails: string, role = 'member') => refused(olivia, listOf(home), 422, { emails, role });
  const taken = await invite(`new@${home.slug}.example ${home.tom.email}`);
  assert.match(errorsIn(taken).join(), new RegExp(`${home.tom.email} is a member already`));
  assert.match(taken, /value="new@/);
  assert.match(errorsIn(await invite('=cmd()')).join(), /=cmd\(\) is not an email address/);
  assert.match(errorsIn(await invite('x@y.example', 'emperor')).join(), /Choose a role/);
  assert.equal(await rowOf(home, `new@${home.slug}.example`), undefined);
  const june = { emails: `june@${home.slug}.example`, role: 'admin' };
  const answers = await Promise.all([press(olivia, listOf(home), june), press(olivia, listOf(home), june)]);
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422],
  );
});

test('a withdrawn invitation ends; who was removed and is invited again is the same person', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const kai = `kai@${home.slug}.example`;
  await post(olivia, listOf(home), { emails: kai, role: 'viewer' });
  const { id } = await rowOf(home, kai);
  await post(olivia, `${listOf(home)}/${id}/withdraw`);
  await refused(olivia, `${listOf(home)}/${id}/resend`, 404);
  const [invitation] = await portal.look(home.organization_id, (db) => db('invitations').where({ person_id: id }));
  assert.ok(invitation.revoked_at);
  await post(olivia, listOf(home), { emails: kai, role: 'member' });
  const again = await rowOf(home, kai);
  assert.deepEqual([again.id, again.pending, again.removed_at], [id, true, null]);
});

test('a role is changed by its select; what takes rights away is asked once more, and told by email', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const role = `${listOf(home)}/${home.tom.id}/role`;
  await post(olivia, role, { role: 'manager' });
  assert.match((await portal.post.to(home.tom.email)).text ?? '', /Your role at Harbor & Pine is now Manager/);
  const asked = textOf(await refused(olivia, role, 422, { role: 'viewer' }));
  assert.match(asked, /As Viewer, Tom Reyes can no longer: .*Draft and send quotes and orders/);
  assert.equal((await rowOf(home, home.tom.email)).role, 'manager');
  await post(olivia, role, { role: 'viewer', confirmed: 'on' });
  assert.match((await portal.post.to(home.tom.email, 'Viewer')).text ?? '', /Changed by Olivia Grant/);
  const tom = await portal.signIn(home.tom.email);
  const lists = await Promise.all([
    tom.get(listOf(home)),
    tom.get(`/${home.slug}/partners`),
    tom.get(`/${home.slug}/desk`),
  ]);
  for (const { status, text } of lists) {
    assert.equal(status, 200);
    assert.doesNotMatch(text, /\/new"|Send invitation/);
  }
  await tom.get(`/${home.slug}/partners/new`).expect(403);
  assert.doesNotMatch(
    (await tom.get(`/${home.slug}/partners/${home.partner_id}`).expect(200)).text,
    /\/edit"|contacts\/new/,
  );
});

test('nobody gives more than they have: an admin makes no owner, and nobody raises themselves', async () => {
  const home = await harbor(portal);
  const june = await colleague(home, 'admin');
  const tries: [Actor, string, Role][] = [
    [june, home.tom.id, 'owner'],
    [june, home.olivia.id, 'member'],
    [june, String(june.person_id), 'owner'],
    [{ ...june, role: 'owner' }, home.tom.id, 'owner'],
  ];
  for (const [actor, id, role] of tries)
    await assert.rejects(changeRole(portal.knex, actor, id, role), { status: 403 }, `${actor.name} ${role}`);
  await assert.rejects(removeMember(portal.knex, june, home.olivia.id), { status: 403 });
  const own = { send: null, approve: null };
  await assert.rejects(changeLimits(portal.knex, june, String(june.person_id), own), { status: 403 });
  const rival = await harbor(portal);
  await assert.rejects(changeRole(portal.knex, rival.staff, home.tom.id, 'viewer'), { status: 404 });
  await assert.rejects(changeRole(portal.knex, home.staff, home.maya.id, 'viewer'), { status: 404 });
});

test('the last owner stays, also when two go at once; handing over is told to both', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const leave = (id: string) => `${listOf(home)}/${id}/remove`;
  await refused(olivia, leave(home.olivia.id), 422);
  await post(olivia, `${listOf(home)}/${home.tom.id}/role`, { role: 'owner' });
  await portal.post.to(home.tom.email, 'Your role at Harbor & Pine is now Owner');
  await portal.post.to(home.olivia.email, 'Tom Reyes is now an owner of Harbor & Pine');
  const tom = await portal.signIn(home.tom.email);
  const both = await Promise.all([
    press(olivia, leave(home.olivia.id)),
    press(tom, `${listOf(home)}/${home.tom.id}/role`, { role: 'viewer', confirmed: 'on' }),
  ]);
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 422],
  );
  const owners = await portal.look(home.organization_id, (db) =>
    db('people').where({ role: 'owner', removed_at: null, partner_id: null }).pluck('id'),
  );
  assert.equal(owners.length, 1);
});

test('whose access ends has none at once: session, links and replies; they are told', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const tom = await portal.signIn(home.tom.email);
  await press(tom, `${invoice.url}/comment`, { text: 'I am on it' }).expect(303);
  const maya = await portal.open(await portal.post.to(home.maya.email, 'I am on it'));
  await press(maya, `${invoice.url}/comment`, { text: 'Thank you, Tom' }).expect(303);
  const received = await portal.post.to(home.tom.email, 'Thank you, Tom');
  const byLink = await portal.open(received);
  await byLink.get(invoice.url).expect(200);
  const olivia = await portal.signIn(home.olivia.email);
  await post(olivia, `${listOf(home)}/${home.tom.id}/remove`);
  await portal.post.to(home.tom.email, 'Your access to Harbor & Pine has ended');
  await tom.get(`/${home.slug}/desk`).expect(404);
  assert.notEqual((await byLink.get(invoice.url)).status, 200);
  await portal.reply(received, 'Still here?');
  await portal.idle();
  const comments = await portal.look(home.organization_id, (db) => db('comments').pluck('body'));
  assert.ok(!comments.includes('Still here?'));
});

const LIMITS = { currency: 'USD', send: 10000, approve: 5000 };

test('above their limit somebody neither sends nor approves, in no way, and is told whom to ask', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const one = `${listOf(home)}/${home.tom.id}`;
  assert.match(errorsIn(await refused(olivia, `${one}/limits`, 422, { send_limit: 'many' })).join(), /Give an amount/);
  await post(olivia, `${one}/role`, { role: 'manager' });
  await post(olivia, `${one}/limits`, { send_limit: '100', approve_limit: '50.00' });
  assert.match(textOf((await olivia.get(listOf(home))).text), /Sends up to \$100\.00 · Approves up to \$50\.00/);
  const tom = await portal.signIn(home.tom.email);
  const small = await draftInvoice(portal, home, { lines: [{ description: 'Desk', unit_price: '100' }] });
  const large = await draftInvoice(portal, home);
  assert.match(
    textOf(await refused(tom, `/${home.slug}/documents/${large}/send`, 403)),
    /This is above your limit\. Ask Olivia Grant/,
  );
  await press(tom, `/${home.slug}/documents/${small}/send`).expect(303);
  // What it comes to is decided when it is sent, with the lines that come along.
  const estimate = await sentDocument(portal, home, 'estimate');
  const limited = { ...asPerson(await rowOf(home, home.tom.email), null), limits: LIMITS };
  const lines = [{ description: 'Desk', unit_price: '5000' }];
  const content = { title: 'Desk', issued_on: day(0), due_on: day(9), lines, recipients: [home.maya.id] };
  await assert.rejects(act(portal.knex, limited, estimate.id, 'revise', { content }), { status: 403 });
  const other = await draftInvoice(portal, home, { lines: [{ description: 'Desk', unit_price: '1' }] });
  await portal.look(home.organization_id, (db) => db('documents').where({ id: other }).update({ currency: 'EUR' }));
  await refused(tom, `/${home.slug}/documents/${other}/send`, 403);
});

test('limits are given up to one’s own only, also with an invitation', async () => {
  const home = await harbor(portal);
  const june = await colleague(home, 'admin');
  await changeLimits(portal.knex, home.staff, String(june.person_id), { send: 10000, approve: null });
  const raise = { send: 20000, approve: null };
  await assert.rejects(changeLimits(portal.knex, june, home.tom.id, raise), { status: 422 });
  await changeLimits(portal.knex, june, home.tom.id, { ...raise, send: 5000 });
  await assert.rejects(changeLimits(portal.knex, june, home.tom.id, { ...raise, send: null }), { status: 422 });
  const browser = await portal.signIn(`admin@${home.slug}.example`);
  await post(browser, listOf(home), { emails: `new@${home.slug}.example`, role: 'manager' });
  assert.equal((await rowOf(home, `new@${home.slug}.example`)).send_limit, 10000);
});
