import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { harbor, type Harbor, partnerActor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let clock: Date;
before(async () => {
  portal = await openPortal({ MAIL_BUNDLE_SECONDS: '120' });
  portal.services.post.now = () => clock;
});
after(() => portal.close());

const say = (home: Harbor, id: string, text: string) => act(portal.knex, home.staff, id, 'comment', { text });

/** Once all is done, what is due later is due now. */
async function later() {
  await portal.idle();
  await portal.runJobsNow();
  await portal.idle();
}

/** Maya, who has chosen this on the page of her settings. */
async function choosing(home: Harbor, fields: Record<string, string>) {
  const maya = await portal.signIn(home.maya.email);
  const choose = (chosen: Record<string, string>, status = 303) =>
    maya.post(`/${home.slug}/settings/notifications`).type('form').send(chosen).expect(status);
  await choose(fields);
  return { maya, choose };
}

const toMaya = (home: Harbor) => portal.post.emails.filter(({ recipient }) => recipient === home.maya.email);
const summariesTo = (home: Harbor) => toMaya(home).filter(({ subject }) => subject?.includes('Your summary'));

test('a daily summary tells in one email what was not read on the web, each thing with its own link; nothing left, no email', async () => {
  clock = new Date();
  const home = await harbor(portal);
  await choosing(home, { messages: 'daily', response: 'daily', documents: 'weekly' });
  const [estimate, invoice] = [await sentDocument(portal, home, 'estimate'), await sentInvoice(portal, home)];
  await portal.post.to(home.maya.email, invoice.number);
  await say(home, estimate.id, 'The oak takes longer');
  await say(home, estimate.id, 'Three weeks');
  await say(home, invoice.id, 'Read on the web');
  const other = await sentInvoice(portal, home);
  await say(home, other.id, 'Is ash fine?');
  await portal.idle();
  assert.deepEqual(
    toMaya(home)
      .filter(({ subject }) => !/summary|\d{6}/.test(subject ?? ''))
      .map(({ attachments }) => attachments.length),
    [1, 1],
    'the invoices came right away, with their PDFs',
  );
  const opened = await portal.open(await portal.post.to(home.maya.email, invoice.number));
  await opened.post(`${invoice.url}/view`).expect(204);
  await later();
  const [summary, ...more] = summariesTo(home);
  assert.ok(summary && more.length === 0);
  const text = summary.text ?? '';
  for (const words of ['The oak takes longer', 'Three weeks', 'Is ash fine?', 'sent you estimate'])
    assert.ok(text.includes(words) && summary.html, words);
  assert.doesNotMatch(text, /Read on the web/);
  const links = [...new Set(text.match(/\/in\/[\w-]{43}/g))];
  assert.equal(links.length, 2);
  const nobody = portal.browser();
  const places = await Promise.all(links.map(async (link) => (await nobody.get(link).expect(303)).headers['location']));
  assert.deepEqual(new Set(places), new Set([estimate.url, other.url]));
  assert.match(text, /Your move: accept/);
  await later();
  assert.equal(summariesTo(home).length, 1);
  await say(home, estimate.id, 'And read');
  await portal.idle();
  const maya = await portal.signIn(home.maya.email);
  await maya.post(`${estimate.url}/view`).expect(204);
  await later();
  assert.equal(summariesTo(home).length, 1, 'nothing left to tell');
});

test('what is chosen meanwhile counts for what waits; portal only sends nothing, codes and invoices always come', async () => {
  clock = new Date();
  const home = await harbor(portal);
  const { maya, choose } = await choosing(home, { messages: 'weekly' });
  const invoice = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email, invoice.number);
  await say(home, invoice.id, 'It waits');
  await portal.idle();
  assert.ok(!toMaya(home).some(({ text }) => text?.includes('It waits')));
  await choose({ messages: 'now' });
  await portal.post.to(home.maya.email, 'It waits');
  await later();
  assert.equal(summariesTo(home).length, 0);
  await choose({ messages: 'daily' });
  await say(home, invoice.id, 'It stays');
  await portal.idle();
  await choose({ messages: 'portal', documents: 'portal' });
  await later();
  assert.ok(!toMaya(home).some(({ text }) => text?.includes('It stays')));
  const second = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email, second.number);
  for (const wrong of [{ response: 'portal' }, { messages: 'hourly' }, { daily_hour: '24' }, { quiet_from: '7' }])
    await choose(wrong, 422);
  await choose({ quiet_from: '7', quiet_to: '7' }, 422);
  const page = await maya.get(`/${home.slug}/settings/notifications`);
  assert.match(page.text, /name="messages" value="portal"\s+checked/);
});

test('in quiet hours only what can’t be muted leaves; the rest goes at their end, together', async () => {
  const home = await harbor(portal);
  await choosing(home, { quiet_from: '22', quiet_to: '7' });
  clock = new Date('2027-01-10T23:00:00Z');
  const invoice = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email, invoice.number);
  await say(home, invoice.id, 'At night');
  await say(home, invoice.id, 'Still at night');
  await later();
  assert.ok(!toMaya(home).some(({ text }) => text?.includes('night')));
  clock = new Date('2027-01-11T07:00:00Z');
  await later();
  const received = await portal.post.to(home.maya.email, 'Still at night');
  assert.match(received.text ?? '', /in short: 1 more/);
  assert.equal(toMaya(home).filter(({ text }) => text?.includes('Still at night')).length, 1);
});

test('the first message comes at once, a burst after it together; who answers is in a conversation', async () => {
  clock = new Date();
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await portal.post.to(home.maya.email, invoice.number);
  await say(home, invoice.id, 'One.');
  await portal.post.to(home.maya.email, 'One.');
  for (const word of ['Two.', 'Three.', 'Four.']) await say(home, invoice.id, word);
  await portal.idle();
  assert.equal(toMaya(home).length, 2);
  clock = new Date(Date.now() + 121_000);
  await later();
  const burst = await portal.post.to(home.maya.email, 'Four.');
  assert.equal(toMaya(home).length, 3);
  assert.ok(burst.text?.includes('Two.') && burst.text.includes('Three.'));
  clock = new Date();
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'comment', { text: 'I see' });
  await say(home, invoice.id, 'Five.');
  await portal.post.to(home.maya.email, 'Five.');
});

test('a summary that can’t be sent yet is sent later, once; an answer to it is held, and its sender told why', async () => {
  clock = new Date();
  const home = await harbor(portal);
  await choosing(home, { messages: 'daily' });
  const [one, two] = [await sentInvoice(portal, home), await sentInvoice(portal, home)];
  await portal.idle();
  for (const { id } of [one, two]) await say(home, id, 'Hello');
  await portal.idle();
  portal.post.answer = { code: 451, message: 'Later' };
  await later();
  portal.post.answer = null;
  await say(home, one.id, 'Too late for this one');
  await later();
  await later();
  const sent = summariesTo(home);
  assert.ok(sent.length <= 2 && new Set(sent.map(({ messageId }) => messageId)).size === sent.length);
  const said = sent.map(({ text }) => text ?? '').join('\n');
  assert.equal(said.split('Too late for this one').length, 2);
  const [first] = sent;
  assert.ok(first);
  await portal.reply(first, 'Thank you all', { to: first.from?.value[0]?.address ?? '' });
  const answer = await portal.post.to(home.maya.email, 'open it from the summary');
  assert.match(answer.subject ?? '', /Your message has arrived/);
  const held = await portal.look(home.organization_id, (db) => db('inbound_deliveries').where({ code: 'summary' }));
  assert.equal(held.length, 1);
});

test('the unsubscribe page offers how often a kind comes; one click on a summary’s link ends summaries', async () => {
  clock = new Date();
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  await portal.idle();
  await say(home, invoice.id, 'Hello there');
  const pathIn = ({ raw }: { raw: string }) =>
    new URL(/^List-Unsubscribe:\s*<(.*)>/im.exec(raw.replace(/\r\n[ \t]+/g, ' '))?.[1] ?? '').pathname;
  const path = pathIn(await portal.post.to(home.maya.email, 'Hello there'));
  const nobody = portal.browser();
  assert.match((await nobody.get(path)).text, /Messages and mentions/);
  const page = await nobody.post(`${path}/rhythm`).type('form').send({ rhythm: 'daily' }).expect(200);
  assert.match(page.text, /value="daily"\s+checked/);
  await nobody.post(`${path}/rhythm`).type('form').send({ rhythm: 'never' }).expect(200);
  await say(home, invoice.id, 'In the summary');
  await portal.idle();
  await later();
  const [summary] = summariesTo(home);
  assert.ok(summary);
  assert.ok(summary.text?.includes('In the summary'));
  const stop = pathIn(summary);
  assert.match((await nobody.get(stop)).text, /Stop summaries/);
  await nobody.post(stop).type('form').send({ 'List-Unsubscribe': 'One-Click' }).expect(200);
  await say(home, invoice.id, 'In the portal');
  await portal.idle();
  await later();
  assert.ok(!toMaya(home).some(({ text }) => text?.includes('In the portal')));
});
