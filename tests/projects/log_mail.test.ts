import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { day } from '../support/days.js';
import { post, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';
import { photo, projectSite, type ProjectSite, sendFiles } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** A project on which Olivia, Tom and Maya are. */
async function followed(): Promise<ProjectSite> {
  const site = await projectSite(portal);
  for (const { id: person } of [site.olivia, site.tom, site.maya])
    await act(portal.knex, site.staff, site.id, 'add_person', { person }).catch(() => {});
  await portal.look(site.organization_id, (db) =>
    db('projects')
      .where({ id: site.id })
      .update({ shown: ['details', 'comments', 'people'] }),
  );
  await portal.idle();
  return site;
}

/** The emails about the log that went to somebody, once what waits has gone. */
async function logMails(site: ProjectSite, to: string): Promise<ReceivedEmail[]> {
  await portal.idle();
  await portal.runJobsNow();
  await portal.idle();
  return portal.post.emails.filter((one) => one.recipient === to && one.subject?.includes('Daily log'));
}

test('a day with photos is one email, with the first of them, to whoever follows the project and sees the log', async () => {
  const site = await followed();
  const tom = await portal.signIn(site.tom.email);
  const photos: Record<string, Buffer> = {};
  for (let n = 1; n <= 6; n++) photos[`photo-${n}.jpg`] = await photo(`#1234${n}0`);
  const fields = { day: day(0), people: '2 people, 13 hours', weather: 'Rain', text: 'Cut the door frames.' };
  const words = { ...fields, shown: 'on', descriptions: 'Frames\nDoors' };
  await sendFiles(tom, `${site.url}/add_log`, photos, words).expect(303);
  const [email, another] = await logMails(site, site.maya.email);
  assert.ok(email && !another);
  assert.match(email.subject ?? '', /^\[Harbor & Pine\] Daily log, .*202\d · Project MAPLE$/);
  assert.match(
    email.text ?? '',
    /^New in the daily log of project MAPLE: .*\nReception fit-out · 2 people, 13 hours · Rain/,
  );
  assert.match(email.text ?? '', /Tom Reyes:\s+Cut the door frames\./);
  assert.match(email.text ?? '', /Photos:\n- Frames\n  http\S+\?file=\S+\n- Doors[^]*and 2 more photos/);
  assert.match(email.text ?? '', /View log:\n\S+\?to=log/);
  assert.match(email.text ?? '', /Reply to this email and Harbor & Pine will read it\./);
  const pictures = email.attachments.filter(({ contentType }) => contentType === 'image/jpeg');
  assert.equal(pictures.length, 4);
  for (const { content } of pictures) assert.ok(!content.includes('Secret place'), 'what the camera wrote');
  assert.equal(String(email.html).match(/<img [^>]*src="data:image\/jpeg/g)?.length, 4, 'each stands in the email');
  const mayas = await portal.open({ ...email, link: /\/in\/\S+\?to=log/.exec(email.text ?? '')?.[0] ?? '' });
  assert.equal(mayas.page, `${site.url}/log`);
  // Its author isn't told; who else is of the staff reads it as theirs.
  assert.deepEqual(await logMails(site, site.tom.email), []);
  const [olivias] = await logMails(site, site.olivia.email);
  assert.match(olivias?.text ?? '', /^Tom Reyes wrote the log of /);
  assert.deepEqual(await logMails(site, site.noah.email), []);
  const bell = textOf((await (await portal.signIn(site.maya.email)).get(`/${site.slug}/notifications`)).text);
  assert.match(bell, /New in the daily log of project MAPLE/);
});

test('a day that is kept, hidden again or removed before its email went is not emailed to the customer', async () => {
  const site = await followed();
  const entry = { day: day(0), text: 'Rework of the frames' };
  await act(portal.knex, site.staff, site.id, 'add_log', { ...entry, shown: false });
  await act(portal.knex, site.staff, site.id, 'add_log', { ...entry, shown: true });
  const logs: string[] = await portal.look(site.organization_id, (db) => db('project_logs').orderBy('id').pluck('id'));
  await act(portal.knex, site.staff, site.id, 'show_log', { log: logs[1], shown: false });
  assert.deepEqual(await logMails(site, site.maya.email), []);
  const maya = await portal.signIn(site.maya.email);
  assert.doesNotMatch((await maya.get(`/${site.slug}/notifications`)).text, /daily log of/);
  // Shown later it is told, once.
  await act(portal.knex, site.staff, site.id, 'show_log', { log: logs[0], shown: true });
  await act(portal.knex, site.staff, site.id, 'show_log', { log: logs[0], shown: false });
  await act(portal.knex, site.staff, site.id, 'show_log', { log: logs[0], shown: true });
  await act(portal.knex, site.staff, site.id, 'add_log', { ...entry, text: 'Gone', shown: true });
  const [gone] = await portal.look(site.organization_id, (db) =>
    db('project_logs').where({ text: 'Gone' }).pluck('id'),
  );
  await act(portal.knex, site.staff, site.id, 'remove_log', { log: gone });
  const [told, more] = await logMails(site, site.maya.email);
  assert.match(told?.text ?? '', /Rework of the frames/);
  assert.equal(more, undefined);
  const toms = await logMails(site, site.tom.email);
  assert.ok(toms.length === 2 && toms.every(({ text }) => !text?.includes('Gone')));
});

test('without the conversation or the names of who works on it, its customer is told nothing of them', async () => {
  const site = await followed();
  const show = (shown: string[]) =>
    portal.look(site.organization_id, (db) => db('projects').where({ id: site.id }).update({ shown }));
  await show(['details']);
  await act(portal.knex, site.staff, site.id, 'add_log', { day: day(0), text: 'Behind the tab', shown: true });
  assert.deepEqual(await logMails(site, site.maya.email), []);
  await show(['details', 'comments']);
  await act(portal.knex, site.staff, site.id, 'add_log', { day: day(0), text: 'Nameless work', shown: true });
  const [email] = await logMails(site, site.maya.email);
  assert.match(email?.text ?? '', /Harbor & Pine:\s+Nameless work/);
  assert.doesNotMatch(email?.raw ?? '', /Olivia|Tom Reyes/);
});

test('what a vendor sends in a row is one day and one email to staff, answered once, for nobody else', async () => {
  const site = await followed();
  const send = async (text: string, name: string) => {
    const attachments = [{ filename: name, content: await photo('#445566') }];
    const message = { from: site.erik.email, to: await site.addressOf(), subject: 'Today', text, attachments };
    await portal.mailIn({ ...message, message_id: `<${name}@rival.example>` });
    await portal.idle();
  };
  await send('The new board is in.', 'board.jpg');
  await send('', 'socket.jpg');
  await send('Tested.', 'meter.jpg');
  const [email, another] = await logMails(site, site.olivia.email);
  assert.ok(email && !another);
  assert.match(email.text ?? '', /^Erik Lund emailed the log of/);
  assert.match(
    email.text ?? '',
    /Erik Lund · Northern Timber[^]*The new board is in\.[^]*Tested\.[^]*board[^]*socket[^]*meter/,
  );
  assert.match(email.text ?? '', /What you reply is a note for your side: Erik Lund won’t get it\./);
  assert.deepEqual(await logMails(site, site.maya.email), []);
  const answers = portal.post.emails.filter(({ subject }) => subject?.includes('is in the daily log'));
  assert.equal(answers.length, 1);
  assert.match(answers[0]?.text ?? '', /Harbor & Pine and your company can read it, with its photos\./);
  assert.match(answers[0]?.raw ?? '', /Auto-Submitted: auto-replied/i);
  const { length } = await portal.look(site.organization_id, (db) => db('project_logs').select('id'));
  assert.equal(length, 1);
  // What comes after that email went is told again; what comes after staff showed the day is a day of its own.
  await portal.look(site.organization_id, (db) =>
    db('project_logs').update({ told_at: db.raw(`now() - interval '1 hour'`) }),
  );
  await send('One more thing.', 'more.jpg');
  assert.equal((await logMails(site, site.olivia.email)).length, 2);
  await portal.look(site.organization_id, (db) => db('project_logs').update({ shown: true }));
  await send('Only for staff.', 'private.jpg');
  const maya = await portal.signIn(site.maya.email);
  const page = textOf((await maya.get(`${site.url}/log`)).text);
  assert.match(page, /One more thing\./);
  assert.doesNotMatch(page, /Only for staff/);
});

test('answers to the email of a day stand in one thread, which is called after it', async () => {
  const site = await followed();
  const entry = { day: day(0), text: 'Frames are in.', shown: true };
  await act(portal.knex, { ...site.staff, person_id: site.tom.id }, site.id, 'add_log', entry);
  const [hers] = await logMails(site, site.maya.email);
  const [olivias] = await logMails(site, site.olivia.email);
  assert.ok(hers && olivias);
  for (const text of ['They look good.', 'When do the doors follow?']) await portal.reply(hers, text);
  await portal.idle();
  await portal.reply(olivias, 'Between us: they are late.');
  await portal.idle();
  const rows = await portal.look(site.organization_id, (db) =>
    db('comments').where({ subject_id: site.id }).orderBy('id').select('id', 'body', 'thread_id', 'title', 'audience'),
  );
  const [first, second, note] = rows;
  assert.equal(rows.length, 3);
  assert.match(String(first?.title), /^Daily log, \w/);
  assert.equal(second?.thread_id, first?.id);
  assert.deepEqual([note?.thread_id, note?.audience], [null, 'staff']);
  const maya = await portal.signIn(site.maya.email);
  const page = await maya.get(`${site.url}/comments`).expect(200);
  assert.doesNotMatch(page.text, /Between us/);
  await post(maya, `${site.url}/comment`, { text: 'Thanks' });
});
