import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { emailedInvoice, harbor, type Harbor } from '../support/harbor.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));
after(() => portal.close());

const { comments, decided, deliveries } = inbox(() => portal);

const general = (home: Harbor) => `${home.slug}@${portal.config.mail_domain}`;
const writes = (home: Harbor, from: string, subject: string, rest: object = {}) =>
  portal.mailIn({ from, to: general(home), subject, text: `About ${subject}`, ...rest });

/** What somebody was told of the mail room. */
const reports = async (email: string) => {
  await portal.idle();
  return portal.post.emails.filter(({ recipient, text }) => recipient === email && text?.includes('/mail-room'));
};

/** Tom is a manager, in German. */
const promoteTom = (home: Harbor) =>
  portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.tom.id }).update({ role: 'manager', locale: 'de-DE' }),
  );

test('staff are told of mail that waits: at once, then together, each message once, in their language', async () => {
  const home = await harbor(portal);
  await promoteTom(home);
  await writes(home, 'Ann New <ann@rival.example>', 'Twelve desks');
  const [first, ...none] = await reports(home.olivia.email);
  assert.deepEqual(none, []);
  assert.match(first?.subject ?? '', /^\[Harbor & Pine\] A message from Ann New waits for you$/);
  for (const said of [/Twelve desks/, /Ann New <ann@rival\.example>/, /answers nothing that was sent from here/])
    assert.match(first?.text ?? '', said);
  assert.equal(first?.headers.get('auto-submitted'), 'auto-generated');
  const [row] = await decided(home);
  assert.ok(first?.text?.includes(`${portal.base_url}/${home.slug}/mail-room/${row.id}\n`));
  const [german] = await reports(home.tom.email);
  assert.match(german?.subject ?? '', /Eine Nachricht von Ann New wartet auf Sie/);
  assert.match(german?.text ?? '', /Keine Antwort auf etwas, das von hier gesendet wurde\./);

  for (const subject of ['Chairs', 'Lamps', 'Shelves']) await writes(home, 'ann@rival.example', subject);
  assert.equal((await reports(home.olivia.email)).length, 1, 'what was told of still waits');
  await portal.runJobsNow();
  const [, second, ...more] = await reports(home.olivia.email);
  assert.deepEqual(more, []);
  assert.match(second?.subject ?? '', /3 messages wait for you/);
  assert.match(second?.text ?? '', /Chairs[^]*|Lamps[^]*|Shelves[^]*/);
  assert.doesNotMatch(second?.text ?? '', /Twelve desks/);

  const desk = await portal.signIn(home.olivia.email);
  for (const { id } of await deliveries(home)) await desk.post(`/${home.slug}/mail-room/${id}/set-aside`).expect(303);
  await writes(home, 'ann@rival.example', 'Curtains');
  assert.match((await reports(home.olivia.email)).at(-1)?.text ?? '', /Curtains/);
});

test('what is decided before it is told of is not told; contacts and members are told nothing', async () => {
  const home = await harbor(portal);
  portal.post.answer = { code: 451, message: 'later' };
  await writes(home, 'ann@rival.example', 'Desks');
  await decided(home);
  await portal.look(home.organization_id, (db) => db('inbound_deliveries').update({ state: 'ignored' }));
  portal.post.answer = null;
  await portal.runJobsNow();
  for (const { email } of [home.olivia, home.tom, home.maya]) assert.deepEqual(await reports(email), []);
  const emails = await portal.look(home.organization_id, (db) =>
    db('emails').where({ kind: 'mail_room' }).pluck('state'),
  );
  assert.deepEqual(emails, ['skipped']);
});

test('machines make no such mail, and an answer to it makes no other', async () => {
  const home = await harbor(portal);
  await writes(home, 'ann@rival.example', 'Out of office', { headers: { 'Auto-Submitted': 'auto-replied' } });
  await writes(home, 'news@rival.example', 'Offers', { headers: { 'List-Id': '<news.rival.example>' } });
  await writes(home, 'news@rival.example', 'Offers', { headers: { Precedence: 'bulk' } });
  assert.deepEqual(await reports(home.olivia.email), []);
  await writes(home, 'ann@rival.example', 'Desks');
  const [report] = await reports(home.olivia.email);
  assert.ok(report);
  const to = report.from?.value[0]?.address ?? '';
  for (let i = 0; i < 3; i++) {
    await portal.reply(report, `I am away ${i}`, { to });
    await portal.runJobsNow();
    await portal.idle();
  }
  assert.equal((await reports(home.olivia.email)).length, 1);
});

test('a person’s answer is posted, whatever list headers a relay puts on it; without words or from a list it isn’t', async () => {
  const { home, received } = await emailedInvoice(portal);
  const marks: Record<string, string>[] = [
    { 'List-Unsubscribe': '<mailto:u+abc@relay.example>' },
    { Precedence: 'bulk' },
    { 'List-Id': '<all.maple.example>', Precedence: 'list', 'List-Post': '<mailto:all@maple.example>' },
  ];
  for (const headers of marks) await portal.reply(received, `Marked by ${Object.keys(headers)[0]}`, { headers });
  await portal.idle();
  assert.equal((await comments(home)).length, marks.length);
  for (const headers of marks)
    await portal.reply(received, 'By a machine', { headers: { ...headers, 'Auto-Submitted': 'auto-replied' } });
  await portal.reply(received, '', { headers: { Precedence: 'bulk' } });
  await portal.reply(received, 'Buy this', {
    from: 'news@rival.example',
    headers: { Precedence: 'bulk' },
    in_reply_to: '',
  });
  await writes(home, home.maya.email, 'Something new', { headers: { 'List-Unsubscribe': '<https://relay.example>' } });
  const rows = await decided(home, 9);
  assert.equal((await comments(home)).length, marks.length);
  assert.deepEqual(
    rows.slice(3).map(({ state }) => state),
    ['ignored', 'ignored', 'ignored', 'ignored', 'ignored', 'held'],
  );
});
