import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { textOf } from '../support/forms.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { both, projectOfAll } from '../support/threads.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

/** A comment by its words. */
const written = (body: string) =>
  portal.until(`the comment "${body}"`, () =>
    portal.look(home.organization_id, (db) => db('comments').where('body', 'like', `${body}%`).first()),
  );

test('an answer by email goes into the thread and reaches its author; names in it reach more', async () => {
  const { tom, comment, told } = await projectOfAll(portal, home);
  const first = await comment(tom, 'Ash or oak, @Maya Chen and @Noah Weiss?', { title: 'Cabinet doors' });
  const email = await portal.post.to(home.maya.email, 'Ash or oak');
  assert.match(email.subject ?? '', /^\[Harbor & Pine\] Cabinet doors · Project TALK/);
  assert.match(email.text ?? '', /Tom Reyes wrote to you about project/);
  assert.match(email.text ?? '', /Reply to this email to reach Tom Reyes\. Everyone on the project can read it\./);
  await comment(tom, 'Another thing, @Maya Chen', { title: 'Another' });
  await portal.reply(email, 'Ash, please.');
  const answer = await written('Ash, please.');
  assert.equal(answer.thread_id, first);
  assert.deepEqual(await told(answer.id), both('Tom'));
  await portal.reply(email, 'Ask Noah as well: +Noah Weiss, and @Olivia Grant');
  assert.deepEqual(await told((await written('Ask Noah as well')).id), both('Noah Olivia Tom'));
});

test('the email’s button leads to the comment in its thread, and so does the bell', async () => {
  const { url, tom, comment } = await projectOfAll(portal, home);
  const first = await comment(tom, 'Please look at this, @Noah Weiss', { title: 'A look' });
  const email = await portal.post.to(home.noah.email, 'Please look at this');
  const link = /\/in\/\S+\?comment=\S+/.exec(email.text ?? '')?.[0] ?? '';
  const noahs = await portal.open({ ...email, link });
  assert.equal(noahs.page, `${url}?at=${first}#comment-${first}`);
  assert.match(textOf((await noahs.get(`${url}?at=${first}`).expect(200)).text), /A look .*1 comment/);
  const signed = await portal.signIn(home.noah.email);
  const bell = await signed.get(`/${home.slug}/notifications`).expect(200);
  assert.ok(bell.text.includes(`${url}?at=${first}#comment-${first}`));
});

test('an email that answers nothing begins a thread with its subject; a client that forgot what it answers goes on', async () => {
  const { url, tom, comment, told } = await projectOfAll(portal, home);
  const first = await comment(tom, 'Which tiles, @Maya Chen?');
  const email = await portal.post.to(home.maya.email, 'Which tiles');
  const from = { from: home.maya.email, to: email.reply_to };
  await portal.mailIn({ ...from, subject: 'Keys for <b>Monday</b>', text: 'Where do we leave the keys?' });
  const begun = await written('Where do we leave the keys?');
  assert.deepEqual([begun.thread_id, begun.title], [null, 'Keys for <b>Monday</b>']);
  assert.deepEqual(await told(begun.id), both('Olivia Tom'));
  await portal.mailIn({ ...from, subject: `Re: ${email.subject}`, text: 'The blue ones.' });
  assert.equal((await written('The blue ones.')).thread_id, first);
  const toms = await (await portal.signIn(home.tom.email)).get(url).expect(200);
  assert.match(toms.text, /Keys for &lt;b&gt;Monday/);
});

test('an internal answer by email stays internal, and quotes nothing of it to the other side', async () => {
  const { tom, olivia, comment, told } = await projectOfAll(portal, home);
  const shared = await comment(tom, 'We begin on Monday, @Maya Chen', { title: 'Begin' });
  const note = await comment(tom, 'They still owe us, @Olivia Grant', { audience: 'internal', title: 'Owing' });
  const email = await portal.post.to(home.olivia.email, 'They still owe us');
  assert.match(email.text ?? '', /Only your side can read it\./);
  await portal.reply(email, 'I know they owe.');
  const answer = await written('I know they owe.');
  assert.deepEqual([answer.thread_id, answer.audience], [note, 'staff']);
  assert.deepEqual(await told(answer.id), both('Tom'));
  await comment(olivia, 'And bring the keys, @Maya Chen', { answers: shared });
  const hers = await portal.post.to(home.maya.email, 'And bring the keys');
  assert.doesNotMatch(hers.raw, /owe|Owing/i);
  assert.match(hers.text ?? '', /We begin on Monday/);
});

test('who lost the project before their email went gets none', async () => {
  const { id, tom, comment } = await projectOfAll(portal, home);
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).update({ modules: [] }));
  await act(portal.knex, tom, id, 'remove_person', { person: home.noah.id });
  await assert.rejects(comment(tom, 'Hello', { readers: [home.noah.id] }), { status: 422 });
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.noah.id }).update({ modules: null }));
});
