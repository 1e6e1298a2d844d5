import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { mentionsIn } from '../../src/projects/comments/mentions.js';
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

test('a reply’s form shows whom it tells; unticked people aren’t told', async () => {
  const { url, tom, comment, told } = await projectOfAll(portal, home);
  const first = await comment(tom, 'Ash, @Maya Chen, @Noah Weiss?', { title: 'Ash or oak' });
  const mayas = await portal.signIn(home.maya.email);
  const page = await mayas.get(`${url}?reply_all=${first}`).expect(200);
  const text = textOf(page.text);
  assert.match(text, /Reply to all .*Tom Reyes .*Noah Weiss .*Only Tom/);
  assert.match(text, /We’ll email Tom Reyes and Noah Weiss\. Everyone on the project can read it\./);
  assert.match(textOf((await mayas.get(`${url}?reply=${first}`)).text), /Reply to Tom .*We’ll email Tom Reyes\./);
  const form = { answers: first, reach: 'chosen', readers: [home.noah.id], text: 'Ash.', seen: '' };
  await mayas
    .post(url.replace(/comments$/, 'comment'))
    .type('form')
    .send(form)
    .expect(303);
  const { id } = await portal.look(home.organization_id, (db) => db('comments').where({ body: 'Ash.' }).first('id'));
  assert.deepEqual(await told(id), both('Noah'));
});

test('what is written is text, in titles, names and mentions', async () => {
  const { url, tom, comment } = await projectOfAll(portal, home);
  const nasty = '<img src=x onerror=alert(1)>';
  await comment(tom, `${nasty} @Maya Chen${nasty}`, { title: `"${nasty}` });
  const { text } = await (await portal.signIn(home.maya.email)).get(url).expect(200);
  assert.doesNotMatch(text, /<img src=x/);
  assert.match(text, /<span class="thread-at">@Maya Chen<\/span>/);
});

test('a thread may be about a task that its author sees', async () => {
  const { id, url, tom, maya, comment } = await projectOfAll(portal, home);
  const shown = await addTask(portal.knex, home.staff, id, { title: 'Wall cabinets' });
  const hidden = await addTask(portal.knex, home.staff, id, { title: 'Count the margin', shown: false });
  await comment(tom, 'Here we go', { about: shown, title: 'Cabinets' });
  await assert.rejects(comment(maya, 'And this?', { about: hidden }), { status: 422 });
  await comment(tom, 'Hidden', { about: hidden });
  const { text } = await (await portal.signIn(home.maya.email)).get(url).expect(200);
  assert.match(textOf(text), /Cabinets About Wall cabinets/);
  assert.doesNotMatch(text, /Count the margin/);
});

test('long threads and many of them come in parts: the newest first, the earlier one press away', async () => {
  const { id, url, tom, comment } = await projectOfAll(portal, home);
  const first = await comment(tom, 'The first');
  for (let i = 1; i <= 7; i++) await comment(home.staff, `Answer ${i}.`, { answers: first });
  const olivia = await portal.signIn(home.olivia.email);
  const page = await olivia.get(url).expect(200);
  assert.match(page.text, /Answer 7\./);
  assert.doesNotMatch(page.text, /Answer 3\./);
  const earlier = /href="([^"]+)"[^>]*>3 earlier</.exec(page.text)?.[1] ?? '';
  assert.match((await olivia.get(earlier.split('#')[0] ?? '').expect(200)).text, /Answer 1\./);
  for (let i = 1; i <= 13; i++) await act(portal.knex, home.staff, id, 'comment', { text: `Thread ${i}.` });
  const newest = await olivia.get(url).expect(200);
  assert.doesNotMatch(newest.text, /The first/);
  const next = /href="([^"]+before=[^"]+)"/.exec(newest.text)?.[1] ?? '';
  assert.match((await olivia.get(next.replaceAll('&amp;', '&')).expect(200)).text, /The first/);
});

test('threads can be narrowed to those with files, and to those in which one is tagged', async () => {
  const { url, tom, comment } = await projectOfAll(portal, home);
  await comment(tom, 'For Noah: @Noah Weiss');
  const olivia = await portal.signIn(home.olivia.email);
  await olivia
    .post(url.replace(/comments$/, 'comment'))
    .field('text', 'With a plan')
    .field('audience', 'shared')
    .attach('files', Buffer.from('plan'), 'plan.txt')
    .expect(303);
  const files = await olivia.get(`${url}?show=files`).expect(200);
  assert.match(files.text, /With a plan[^]*plan\.txt/);
  assert.doesNotMatch(files.text, /For Noah/);
  const noahs = await (await portal.signIn(home.noah.email)).get(`${url}?show=tagged`).expect(200);
  assert.match(noahs.text, /For Noah/);
  assert.match(noahs.text, /thread-unread/);
  assert.doesNotMatch(noahs.text, /With a plan/);
});

test('two answers at once both stand in the thread, and it knows of both', async () => {
  const { tom, maya, noah, comment } = await projectOfAll(portal, home);
  const first = await comment(tom, 'At once, @Maya Chen');
  await Promise.all([comment(maya, 'One', { answers: first }), comment(noah, 'Two', { answers: first })]);
  const root = await portal.look(home.organization_id, (db) => db('comments').where({ id: first }).first());
  assert.equal(root.replies, 2);
  const third = await comment(tom, 'Deeper?', { answers: root.last_id });
  const { thread_id } = await portal.look(home.organization_id, (db) => db('comments').where({ id: third }).first());
  assert.equal(thread_id, first);
});

test('the longest name after an @ counts, and only whole names', () => {
  const people = ['Tom', 'Tom Reyes', 'Tom Reyes Junior', 'Ida'].map((name) => ({ name }));
  const found = (text: string) => mentionsIn(text, people).map(({ found }) => found.map(({ name }) => name).join('|'));
  assert.deepEqual(found('@Tom Reyes Junior and @tom reyes, (@Ida)'), ['Tom Reyes Junior', 'Tom Reyes', 'Ida']);
  assert.deepEqual(found('@Idalina, x@Ida, @Ida_, @'), []);
  assert.deepEqual(found(`@Tom\u00a0Reyes`), ['Tom Reyes']);
  assert.equal(mentionsIn('@Ida '.repeat(10_000), people).length, 200);
});
