import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { post, textOf } from '../support/forms.js';
import { addVendor, partnerActor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { photo, projectFileOn, projectSite, type ProjectSite } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const FORWARDED = `See below.

---------- Forwarded message ---------
From: Landlord <landlord@house.example>
Subject: Keys

The keys are at the desk.`;

/** Forwards a message with a file to the project. */
async function forward(site: ProjectSite, from: string, more: object = {}) {
  await portal.mailIn({
    from,
    to: await site.addressOf(),
    subject: 'Fwd: Keys',
    text: FORWARDED,
    attachments: [{ filename: 'keys.txt', content: 'Room 4' }],
    ...more,
  });
  await portal.idle();
}

const decided = (site: ProjectSite) =>
  portal.look(site.organization_id, (db) =>
    db('inbound_deliveries').orderBy('id', 'desc').first('state', 'code', 'subject', 'preview', 'audience'),
  );

test('the customer forwards an email: it is her side’s, with its file, until she shares it', async () => {
  const site = await projectSite(portal);
  await act(portal.knex, site.staff, site.id, 'comment', { text: 'Welcome' });
  const address = await site.addressOf();
  const maya = await portal.signIn(site.maya.email);
  const details = `${site.url}/details`;
  assert.match((await maya.get(details).expect(200)).text, new RegExp(`mailto:${address}`));
  await forward(site, site.maya.email);
  // Staff see that mail came, not what it says.
  const { state, subject, preview } = await decided(site);
  assert.deepEqual([state, subject, preview], ['posted', '', '']);
  const hers = textOf((await maya.get(details)).text);
  assert.match(hers, /All By email/);
  assert.match(hers, /Forwarded here .*Fwd: Keys Maya Chen/);
  const { download } = await projectFileOn(maya, `${details}?folder=By+email`, 'keys.txt');
  assert.equal((await maya.get(download).expect(200)).text, 'Room 4');
  const comments = textOf((await maya.get(`${site.url}/comments`)).text);
  assert.match(comments, /Fwd: Keys See below\..*keys\.txt/);
  const olivia = await portal.signIn(site.olivia.email);
  await olivia.get(download).expect(404);
  for (const page of ['/details?folder=By+email', '/details', '/comments'])
    assert.doesNotMatch((await olivia.get(`${site.url}${page}`).expect(200)).text, /keys\.txt|Fwd: Keys|See below/);
  const { id: mail } = await portal.look(site.organization_id, (db) => db('project_mails').first('id'));
  await olivia.post(`${site.url}/share_mail`).type('form').send({ mail }).expect(409);
  await post(maya, `${site.url}/share_mail`, { mail });
  const told = await portal.post.to(site.olivia.email, 'Maya Chen shared an email');
  assert.match(told.text ?? '', /See below\./);
  assert.match(textOf((await olivia.get(`${site.url}/comments`)).text), /Fwd: Keys See below\..*keys\.txt/);
  await maya.post(`${site.url}/share_mail`).type('form').send({ mail }).expect(409);
});

test('what staff forward is theirs; the same message again is posted once', async () => {
  const site = await projectSite(portal);
  await forward(site, site.olivia.email, { message_id: '<one@harbor.example>' });
  const olivia = await portal.signIn(site.olivia.email);
  assert.match(textOf((await olivia.get(`${site.url}/comments`)).text), /Fwd: Keys See below\./);
  const maya = await portal.signIn(site.maya.email);
  for (const page of ['/details', '/comments'])
    assert.doesNotMatch((await maya.get(`${site.url}${page}`).expect(200)).text, /keys\.txt|See below|By email/);
  await forward(site, site.olivia.email, { message_id: '<one@harbor.example>', cc: 'noah@maple.example' });
  assert.equal((await decided(site)).code, 'twice');
  // The same file in another email isn't filed again.
  await forward(site, site.olivia.email, { message_id: '<two@harbor.example>', text: 'Once more' });
  const files = await portal.look(site.organization_id, (db) => db('project_files').pluck('name'));
  assert.deepEqual(files, ['keys.txt']);
});

test('a vendor with work sends the log by email, for staff and that vendor until it is shown', async () => {
  const site = await projectSite(portal);
  await portal.look(site.organization_id, (db) =>
    db('participants')
      .insert({ organization_id: site.organization_id, subject_id: site.id, person_id: site.olivia.id })
      .onConflict()
      .ignore(),
  );
  const attachments = [
    { filename: 'board.jpg', content: await photo('#778899') },
    { filename: 'test.txt', content: 'Passed' },
  ];
  await forward(site, site.erik.email, { subject: 'Today', text: 'The new board is in.', attachments });
  assert.equal((await decided(site)).state, 'posted');
  await portal.runJobsNow();
  const told = await portal.post.to(site.olivia.email, 'Erik Lund emailed the log');
  assert.match(told.subject ?? '', /MAPLE/);
  const olivia = await portal.signIn(site.olivia.email);
  const { text } = await olivia.get(`${site.url}/log`).expect(200);
  assert.match(
    textOf(text),
    /The new board is in\. .*test\.txt .*Erik Lund · Northern Timber.*Only your team and Northern/,
  );
  const [, download = ''] = /href="(\/[^"]+\/files\/[^"]+board\.jpg)"/.exec(text) ?? [];
  const erik = await portal.signIn(site.erik.email);
  await erik.get(download).expect(200);
  const page = (await erik.get(`${site.url}/log`).expect(200)).text;
  assert.match(page, new RegExp(`mailto:${await site.addressOf()}`));
  const his = textOf(page);
  assert.match(his, /Daily log .*The new board is in\./);
  assert.doesNotMatch(his, /Maple Street Clinic|Comments/);
  const maya = await portal.signIn(site.maya.email);
  await maya.get(download).expect(404);
  assert.doesNotMatch((await maya.get(`${site.url}/log`)).text, /new board/);
  const { id: log } = await portal.look(site.organization_id, (db) => db('project_logs').first('id'));
  const changed = await olivia.post(`${site.url}/change_log`).type('form').send({ log, day: '2026-01-01', text: 'x' });
  assert.equal(changed.status, 403);
  await post(olivia, `${site.url}/show_log`, { log, shown: 'on' });
  await maya.get(download).expect(200);
  assert.match(textOf((await maya.get(`${site.url}/log`)).text), /The new board is in\./);
  await addVendor(portal, site, `lars@${site.slug}.example`);
  await (await portal.signIn(`lars@${site.slug}.example`)).get(download).expect(404);
});

test('who is not on the project, or can’t be proven, is held: nothing is posted', async () => {
  const site = await projectSite(portal);
  await addVendor(portal, site, 'sven@rival.example');
  // A vendor without work, a stranger, and Maya's name in a message that another server sent.
  for (const [from, code] of [
    ['sven@rival.example', 'new'],
    [`stranger@rival.example`, 'new'],
    ['Maya Chen <maya@unproven.example>', 'new'],
  ] as const) {
    await forward(site, from, { message_id: `<${from.length}@x.example>` });
    const { state, code: why } = await decided(site);
    assert.deepEqual([state, why], ['held', code], from);
  }
  await portal.look(site.organization_id, (db) =>
    db('people').where({ id: site.maya.id }).update({ email: 'maya@unproven.example' }),
  );
  await forward(site, 'maya@unproven.example', { message_id: '<four@x.example>' });
  assert.equal((await decided(site)).code, 'unproven');
  await portal.look(site.organization_id, (db) =>
    db('people').where({ id: site.noah.id }).update({ removed_at: db.fn.now() }),
  );
  await forward(site, site.noah.email, { message_id: '<five@x.example>' });
  assert.equal((await decided(site)).state, 'held');
  const posted = await portal.look(site.organization_id, (db) => db('comments').count('* as n').first());
  assert.equal(Number(posted?.['n']), 0);
  // Nor does a form take the place of an email.
  const noah = partnerActor(site, site.maya);
  await assert.rejects(act(portal.knex, noah, site.id, 'take_mail', { text: 'By hand' }), { status: 403 });
  const olivia = await portal.signIn(site.olivia.email);
  await olivia.post(`${site.url}/take_log`).type('form').send({ person: site.maya.id, text: 'x' }).expect(403);
});

test('a renewed address takes the old one’s place: what comes there waits for staff', async () => {
  const site = await projectSite(portal);
  const before = await site.addressOf();
  const olivia = await portal.signIn(site.olivia.email);
  const maya = await portal.signIn(site.maya.email);
  await maya.post(`${site.url}/renew_address`).type('form').send({}).expect(403);
  await post(olivia, `${site.url}/renew_address`, {});
  const now = await site.addressOf();
  assert.notEqual(now, before);
  assert.match((await maya.get(`${site.url}/details`)).text, new RegExp(now));
  await forward(site, site.maya.email, { to: before });
  assert.deepEqual([(await decided(site)).state, (await decided(site)).code], ['held', 'new']);
  await forward(site, site.maya.email, { to: now.toUpperCase(), message_id: '<again@maple.example>' });
  assert.equal((await decided(site)).state, 'posted');
  // An address of no project is nobody's.
  const nobodys = `maple-${'0'.repeat(20)}@${portal.config.mail_domain}`;
  await portal.mailIn({ from: site.maya.email, to: nobodys, subject: 'Keys', text: 'Anybody?' });
  await portal.idle();
  const lost = await portal.knex('inbound_deliveries').where({ recipient: nobodys }).first('id');
  assert.equal(lost, undefined, 'no organization sees it');
});
