import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { inviteContact } from '../../src/people/invitations/contact_invitations.js';
import { addPartner, newContact } from '../../src/people/partner.js';
import { fieldsOf, post, press, refused, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const NAMES = { first_name: 'Noah', last_name: 'Weiss', terms: 'on' };

/** Noah is invited by Olivia, at her form. Returns the path of the link in the email. */
async function invited(home: Harbor, more: Record<string, string> = { module_quotes: 'on' }): Promise<string> {
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/partners/${home.partner_id}`;
  const form = { [`contact_${home.noah.id}`]: 'on', role: 'member', message: 'Everything in one place.', ...more };
  assert.equal(await post(olivia, `${url}/invite`, form), url);
  return linkTo(home.noah.email);
}

/** The link of the last invitation to an address. */
async function linkTo(email: string, already = ''): Promise<string> {
  const link = (text: string) => /\/invitation\/[\w-]{43}/.exec(text)?.[0] ?? '';
  const received = await portal.post.to(email, ({ text }) => link(text ?? '') !== already && link(text ?? '') !== '');
  return link(received.text ?? '');
}

/** Fills in the first step as the page shows it. */
async function take(agent: Browser, link: string, typed: Record<string, string> = NAMES) {
  const { text } = await agent.get(link).expect(200);
  return press(agent, link, { seen: fieldsOf(text)['seen']?.[0], ...typed });
}

/** The clock moves on, for one invitation. */
const expire = (home: Harbor) =>
  portal.look(home.organization_id, (db) =>
    db('invitations')
      .where({ person_id: home.noah.id })
      .update({ sent_at: db.raw(`now() - interval '8 days'`), expires_at: db.raw(`now() - interval '1 day'`) }),
  );

test('Noah activates his account from the email alone: names and terms, job title, what he may use, then what waits', async () => {
  const home = await harbor(portal);
  const estimate = await sentDocument(portal, home, 'estimate', {
    title: 'Counter of oak',
    recipients: [home.maya.id],
  });
  const link = await invited(home);
  const agent = portal.browser();
  const first = textOf((await agent.get(link).expect(200)).text);
  assert.match(first, /Welcome, Noah.*Olivia Grant invited you to Maple Street Clinic’s account with Harbor & Pine/);
  assert.match(first, /Everything in one place\. .*Counter of oak.*for your answer/);
  await agent.get(`/${home.slug}`).expect(303);
  const { headers } = await take(agent, link);
  assert.match(String(headers['set-cookie']), /parley_device=/, 'the browser is known from now on');
  assert.equal(headers['location'], `/${home.slug}/activation/profile`);
  // He stops half way: the link leads back to where he was.
  assert.equal((await agent.get(link).expect(303)).headers['location'], `/${home.slug}/activation/profile`);
  await post(agent, `/${home.slug}/activation/profile`, { title: 'Accounts' });
  assert.equal((await agent.get(link).expect(303)).headers['location'], `/${home.slug}/activation/overview`);
  const overview = textOf((await agent.get(`/${home.slug}/activation/overview`).expect(200)).text);
  assert.match(overview, /Quotes Choose options, accept and sign 1 to answer/);
  assert.match(overview, /Invoices Not shared with you\. Ask Olivia/);
  const done = await post(agent, `/${home.slug}/activation/overview`);
  const end = await agent.get(done).expect(200);
  assert.match(textOf(end.text), /You’re all set, Noah .*Counter of oak \$100\.00.*Go to home/);
  assert.ok(end.text.includes(`href="${estimate.url}"`));
  const told = await portal.post.to(home.olivia.email, 'Noah Weiss is active now');
  assert.match(told.text ?? '', /Member: Quotes\./);
  const kept = await portal.look(home.organization_id, async (db) => ({
    person: await db('people').where({ id: home.noah.id }).first('name', 'last_name', 'title', 'activated_at'),
    terms: await db('terms_acceptances').where({ person_id: home.noah.id }).orderBy('kind').select('kind', 'version'),
  }));
  const { activated_at, ...person } = kept.person;
  assert.ok(activated_at instanceof Date);
  assert.deepEqual(person, { name: 'Noah Weiss', last_name: 'Weiss', title: 'Accounts' });
  assert.deepEqual(kept.terms, [
    { kind: 'privacy', version: 0 },
    { kind: 'terms', version: 0 },
  ]);
});

const PASSWORD = 'ash boards, dry, forty';
const ERIK = { first_name: 'Erik', last_name: 'Lund', terms: 'on', password: PASSWORD };
let eriks = 0;

/** Erik of Northern Timber is invited as a manager of it. Returns the path of the link in his email. */
async function invitedVendor(home: Harbor, role: 'manager' | 'accountant' | 'member' = 'manager') {
  const email = `erik.lund.${++eriks}@timber.example`;
  const { vendor, erik } = await addVendor(portal, home, email);
  const invite = { access: { role, modules: ['orders'] }, message: '' };
  await inviteContact(portal.knex, portal.services.secret, home.staff, vendor, erik, invite);
  return { link: await linkTo(email), email, erik, vendor };
}

const byPassword = (email: string, password: string) =>
  portal.browser().post('/sign-in/password').type('form').send({ email, password, return_to: '/' });

/** The second step, as a browser sends it. */
const sendPhoto = (agent: Browser, home: Harbor, fields: Record<string, string>, file: Buffer) => {
  const form = agent.post(`/${home.slug}/activation/profile`);
  for (const [name, value] of Object.entries(fields)) void form.field(name, value);
  return form.attach('files', file, { filename: 'me.png', contentType: 'image/png' });
};

const photo = () =>
  sharp({ create: { width: 90, height: 60, channels: 3, background: { r: 20, g: 90, b: 70 } } })
    .png()
    .toBuffer();

test('a vendor gets from the email to the company’s profile: password, photo, then what is missing for being paid', async () => {
  const home = await harbor(portal);
  const { link, email, erik, vendor } = await invitedVendor(home);
  const agent = portal.browser();
  const first = await agent.get(link).expect(200);
  assert.match(textOf(first.text), /Choose a password .*Several words/);
  assert.match(first.text, /name="email" value="erik[^"]+" autocomplete="username"/);
  assert.equal((await take(agent, link, ERIK)).headers['location'], `/${home.slug}/activation/profile`);
  await byPassword(email, PASSWORD).expect(303);
  const here = `/${home.slug}/activation/profile`;
  await sendPhoto(agent, home, { title: 'Sales', stay: '1' }, await photo())
    .expect(303)
    .expect('Location', here);
  const sample = (await agent.get(here).expect(200)).text;
  assert.equal(fieldsOf(sample)['title']?.[0], 'Sales');
  const [, src = ''] = /class="sample-message">[^]*?<img class="person-mark" src="([^"]+)"/.exec(sample) ?? [];
  await agent.get(src).expect(200).expect('Content-Type', 'image/webp');
  await post(agent, here, { skip: '1' });
  const done = await post(agent, `/${home.slug}/activation/overview`);
  const end = (await agent.get(done).expect(200)).text;
  assert.match(
    textOf(end),
    /Before Harbor & Pine can pay you Business details Nothing entered yet\. Bank account Stored encrypted\..* W-9/,
  );
  assert.match(textOf(end), /Add business details Later, go to home/);
  assert.equal(end.match(/class="button primary/g)?.length, 1);
  assert.ok(end.includes(`href="/${home.slug}/profile/edit"`));
  await agent.get(`/${home.slug}/profile/edit`).expect(200);
  const named = { organization_id: home.organization_id, partner_id: vendor };
  await portal.look(home.organization_id, (db) =>
    db('partner_profiles').insert({ ...named, legal_name: 'NT', edited_by: home.olivia.id, edited_at: new Date() }),
  );
  assert.match(textOf((await agent.get(done)).text), /Entered by Olivia Grant.*Check details Later/);
  await post(agent, `/${home.slug}/profile/confirm`);
  assert.match(
    textOf((await agent.get(done)).text),
    /Business details , done Confirmed by Erik.*Add bank account Later/,
  );
  await portal.look(home.organization_id, (db) => db('people').where({ id: erik }).update({ role: 'member' }));
  assert.doesNotMatch((await agent.get(done).expect(200)).text, /can pay you/);
});

test('a weak password and a bad photo come back beside their fields, with what else was typed', async () => {
  const home = await harbor(portal);
  const { link, email } = await invitedVendor(home, 'accountant');
  const agent = portal.browser();
  const typed = { ...ERIK, first_name: 'Erik Olav' };
  for (const [password, why] of [
    ['', 'Fill this in'],
    ['timber', 'at least 12 characters'],
    ['password1234', 'easy to guess'],
    [`${email} it is`, 'doesn’t contain your email address'],
  ] as const) {
    const back = await take(agent, link, { ...typed, password });
    assert.equal(back.status, 422, password);
    assert.match(back.text, new RegExp(`id="password-error">[^<]*${why}`));
    assert.deepEqual(fieldsOf(back.text)['first_name'], ['Erik Olav']);
    assert.match(back.text, /id="terms"[^>]* checked/);
    assert.deepEqual(fieldsOf(back.text)['password'], ['']);
  }
  const both = await take(agent, link, { ...typed, terms: '', password: 'timber' });
  assert.match(both.text, /id="terms-error"[^]*/);
  assert.match(both.text, /id="password-error"/);
  await byPassword(email, 'timber').expect(422);
  await take(agent, link, typed);
  const bad = await sendPhoto(agent, home, { title: 'Sales' }, Buffer.from('<svg/>')).expect(422);
  assert.match(bad.text, /id="photo-error">Use a JPEG, PNG or WebP photo\./);
  assert.equal(fieldsOf(bad.text)['title']?.[0], 'Sales');
  await sendPhoto(agent, home, { title: 'Sales', skip: '1' }, Buffer.from('<svg/>')).expect(303);
  const end = textOf((await agent.get(`/${home.slug}/activation/done`).expect(200)).text);
  assert.match(end, /can pay you Bank account Stored.*Add bank account/, 'what an accountant may enter');
  assert.doesNotMatch(end, /Business details|W-9/);
});

test('a password is asked for once, and never for an account that is somebody’s already', async () => {
  const home = await harbor(portal);
  const { link, email } = await invitedVendor(home);
  const answers = await Promise.all(
    ['oak boards, wet, thirty', 'elm boards, wet, thirty'].map(async (password) => {
      const { headers } = await take(portal.browser(), link, { ...ERIK, password });
      return { password, taken: headers['location'] !== link };
    }),
  );
  assert.equal(answers.filter(({ taken }) => taken).length, 1);
  for (const { password, taken } of answers) await byPassword(email, password).expect(taken ? 303 : 422);
  const events = await portal.look(home.organization_id, (db) =>
    db('security_events').where({ action: 'password_set' }).select(),
  );
  assert.equal(events.length, 1);
  // The same address is a contact of another organization's vendor: its password stays what it is.
  const other = await harbor(portal);
  const { vendor, erik } = await addVendor(portal, other, email);
  const invite = { access: { role: 'manager' as const, modules: ['orders'] }, message: '' };
  await inviteContact(portal.knex, portal.services.secret, other.staff, vendor, erik, invite);
  const again = await linkTo(email, link);
  const agent = portal.browser();
  assert.doesNotMatch((await agent.get(again).expect(200)).text, /Choose a password/);
  await take(agent, again, ERIK);
  await byPassword(email, PASSWORD).expect(422);
  // Nor is a customer's contact asked.
  assert.doesNotMatch((await agent.get(await invited(home)).expect(200)).text, /Choose a password/);
});

test('opening and pressing changes nothing without the box, and a wrong name comes back as it was typed', async () => {
  const home = await harbor(portal);
  const link = await invited(home);
  const scanner = portal.browser();
  await scanner.get(link).expect(200);
  const { seen = [] } = fieldsOf((await scanner.get(link)).text);
  await press(scanner, link, { seen: seen[0], first_name: 'Noah' }).expect(422, /Check this box to continue/);
  const back = await press(scanner, link, { ...NAMES, seen: seen[0], first_name: '=cmd|calc' }).expect(422);
  assert.match(textOf(back.text), /A name can’t begin with this sign\./);
  assert.deepEqual(fieldsOf(back.text)['first_name'], ['=cmd|calc']);
  await scanner.get(`/${home.slug}`).expect(303);
  await press(scanner, link, { ...NAMES, seen: 'terms:7 privacy:0' }).expect(422, /These texts have changed/);
  const person = await portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).first());
  assert.equal(person.activated_at, null);
});

test('two browsers at once: one gets in, the other is led to sign-in, and from there back in', async () => {
  const home = await harbor(portal);
  const link = await invited(home);
  const browsers = [portal.browser(), portal.browser()];
  const answers = await Promise.all(browsers.map((agent) => take(agent, link)));
  const places = answers.map(({ headers }) => String(headers['location'])).toSorted();
  assert.deepEqual(places, [`/${home.slug}/activation/profile`, link].toSorted());
  const late = portal.browser();
  const page = await late.get(link).expect(200);
  assert.match(textOf(page.text), /Your account is active You set it up on .* Sign in to continue\./);
  await press(late, link, NAMES).expect(303);
  await late.get(`/${home.slug}`).expect(303);
  const code = portal.codeFor(home.noah.email);
  await press(late, '/sign-in', { email: home.noah.email, return_to: link }).expect(303);
  const signedIn = await press(late, '/sign-in/code', { code: await code() }).expect(303);
  assert.equal(signedIn.headers['location'], link);
  await late.get(link).expect(303);
});

test('after seven days one press sends a new link, once a minute; the old one stays closed', async () => {
  const home = await harbor(portal);
  const link = await invited(home);
  await expire(home);
  const agent = portal.browser();
  assert.match(textOf((await agent.get(link).expect(410)).text), /This link expired on .*Email me a new link.*n•••@/);
  await press(agent, link, { ...NAMES, seen: 'terms:0 privacy:0' }).expect(303);
  const sent = await press(agent, `${link}/renew`).expect(200);
  assert.match(textOf(sent.text), /We’ve sent a new link to n•••@maple\.example/);
  await press(agent, `${link}/renew`).expect(200);
  const fresh = await linkTo(home.noah.email, link);
  await portal.idle();
  const emails = portal.post.emails.filter(
    (one) => one.recipient === home.noah.email && one.text?.includes('/invitation/'),
  );
  assert.equal(emails.length, 2);
  await agent.get(link).expect(410);
  await take(agent, fresh);
  await agent.get(`/${home.slug}`).expect(200);
});

test('where an organization wants to be asked, it is told, and invites again', async () => {
  const home = await harbor(portal);
  const link = await invited(home);
  await expire(home);
  await portal.look(home.organization_id, (db) => db('organizations').update({ invitations_renew: false }));
  const agent = portal.browser();
  assert.match(textOf((await agent.get(link).expect(410)).text), /Olivia can send you a new one/);
  await press(agent, `${link}/renew`).expect(200, /We’ve let Olivia know/);
  const told = await portal.post.to(home.olivia.email, 'Noah Weiss asks for a new invitation');
  const [, access = ''] = /https?:\/\/[^/]+(\/\S+\/access)/.exec(told.text ?? '') ?? [];
  const olivia = await portal.signIn(home.olivia.email);
  assert.match(textOf((await olivia.get(access).expect(200)).text), /Invitation expired .*Resend invitation/);
  await post(olivia, access.replace('/access', '/invite'));
  assert.notEqual(await linkTo(home.noah.email, link), link);
});

test('withdrawn, unknown, or somebody else’s: the link opens nothing', async () => {
  const home = await harbor(portal);
  const link = await invited(home);
  const maya = await portal.signIn(home.maya.email);
  assert.match(
    textOf((await maya.get(link).expect(200)).text),
    /This invitation is for Noah Weiss You are signed in as maya/,
  );
  await press(maya, link, { ...NAMES, seen: 'terms:0 privacy:0' }).expect(303);
  await press(maya, `${link}/sign-out`).expect(303);
  await maya.get(link).expect(200, /Welcome, Noah/);
  const olivia = await portal.signIn(home.olivia.email);
  const contact = `/${home.slug}/partners/${home.partner_id}/contacts/${home.noah.id}`;
  await post(olivia, `${contact}/withdraw`);
  for (const path of [link, `/invitation/${'x'.repeat(43)}`]) {
    await maya.get(path).expect(410, /This link no longer works/);
    await press(maya, path, { ...NAMES, seen: 'terms:0 privacy:0' }).expect(410);
  }
  assert.match(textOf((await olivia.get(contact.replace(/\/contacts.*/, ''))).text), /Noah Weiss .*Not invited/);
});

test('an invitation is no way into another membership: who has one signs in as usual', async () => {
  const home = await harbor(portal);
  const cafe = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Café Aurora', email: '' });
  const twin = await newContact(portal.knex, home.staff, cafe, { name: 'Noah W.', email: home.noah.email });
  const access = { role: 'member' as const, modules: ['quotes'] };
  await inviteContact(portal.knex, portal.services.secret, home.staff, cafe, twin, { access, message: '' });
  const link = await linkTo(home.noah.email);
  const agent = portal.browser();
  assert.equal((await take(agent, link)).headers['location'], link);
  await agent.get(`/${home.slug}`).expect(303);
  await agent.get(link).expect(200, /Your account is active/);
  const signedIn = await portal.signIn(home.noah.email);
  await signedIn.get(link).expect(303);
  assert.match(textOf((await signedIn.get(`/${home.slug}`).expect(200)).text), /You act for Café Aurora/);
});

test('terms that were changed are the ones that are shown and accepted, and anybody can read them', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signIn(home.olivia.email);
  const settings = `/${home.slug}/settings/organization/portal`;
  const form = fieldsOf((await olivia.get(settings).expect(200)).text);
  const modules = Object.fromEntries(
    Object.keys(form)
      .filter((name) => name.startsWith('module_'))
      .map((name) => [name, 'on']),
  );
  const texts = { terms: 'Be kind.\n\nPay on time.', privacy: form['privacy']?.[0] ?? '' };
  await post(olivia, settings, { ...modules, renew: 'on', ...texts });
  const public_page = await portal.browser().get(`/${home.slug}/terms`).expect(200);
  assert.match(textOf(public_page.text), /Portal terms Version 1 of .*Be kind\. Pay on time\./);
  await portal
    .browser()
    .get(`/${home.slug}/privacy`)
    .expect(200, /Version 0/);
  await portal.browser().get('/nobody-here/terms').expect(404);
  await sentInvoice(portal, home);
  const agent = portal.browser();
  await take(agent, await invited(home));
  const versions = await portal.look(home.organization_id, (db) =>
    db('terms_acceptances').where({ person_id: home.noah.id }).orderBy('kind').pluck('version'),
  );
  assert.deepEqual(versions, [0, 1]);
  const tom = await portal.signIn(home.tom.email);
  await refused(tom, settings, 403);
});
