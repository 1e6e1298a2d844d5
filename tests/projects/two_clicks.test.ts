import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { day } from '../support/days.js';
import { press, textOf } from '../support/forms.js';
import { openPortal, type Portal } from '../support/portal.js';
import { projectSite, type ProjectSite } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

/** A task with its email, and a phone on which that was opened. */
async function given(site: ProjectSite, person: { id: string; email: string }, title: string) {
  const id = await addTask(portal.knex, site.staff, site.id, { title, assignee: person.id, due_on: day(8) });
  const email = await portal.post.to(person.email, `“${title}”`);
  const { number } = await portal.look(site.organization_id, (db) => db('tasks').where({ id }).first('number'));
  return { id, email, url: `/${site.slug}/tasks/${number}`, phone: await portal.open(email) };
}

const show = (site: ProjectSite, set: object) =>
  portal.look(site.organization_id, (db) => db('projects').where({ id: site.id }).update(set));

test('done in two clicks from the email without a session, by the customer and a vendor', async () => {
  const site = await projectSite(portal);
  await show(site, { shown: ['tasks', 'comments'] });
  for (const [person, title] of [
    [site.maya, 'Clear'],
    [site.erik, 'Wire'],
  ] as const) {
    const { email, url, phone, id } = await given(site, person, title);
    assert.match(email.text ?? '', /\?to=finish/);
    const { headers } = await phone.get(`${email.link}?to=finish`).expect(303);
    assert.equal(headers['location'], `${url}?open=finish#finish`);
    await press(phone, `${url}/finish`).expect(303);
    const task = await portal.look(site.organization_id, (db) => db('tasks').where({ id }).first('state'));
    assert.equal(task.state, 'done', title);
  }
});

test('by the link of a task nothing else of its project opens', async () => {
  const site = await projectSite(portal);
  await show(site, { shown: ['tasks', 'details', 'comments', 'finances'], description: 'Keep this among us' });
  await act(portal.knex, site.staff, site.id, 'comment', { text: 'Said on the project' });
  const other = await addTask(portal.knex, site.staff, site.id, { title: 'Another one', due_on: day(9) });
  const { number } = await portal.look(site.organization_id, (db) => db('tasks').where({ id: other }).first('number'));
  const { phone, url } = await given(site, site.maya, 'Clear it');
  assert.match(textOf((await phone.get(url).expect(200)).text), /Reception fit-out .*Clear it/);
  for (const path of ['', '/details', '/comments', '/finances', '/log', '/schedule', '/calendar'])
    assert.doesNotMatch((await phone.get(site.url + path)).text, /Keep this among us|Said on the project|Another one/);
  assert.notEqual((await phone.get(`/${site.slug}/tasks/${number}`)).status, 200);
});

test('who comes too late reads what became of it, and has a way on', async () => {
  const site = await projectSite(portal);
  await show(site, { shown: ['tasks', 'comments'] });
  const done = await given(site, site.maya, 'Clear the hall');
  assert.match((await done.phone.get(`${done.url}?open=finish`).expect(200)).text, /name="actions" open>/);
  await act(portal.knex, site.staff, done.id, 'finish');
  const late = await done.phone.post(`${done.url}/finish`).type('form').send({ seen: '' });
  assert.ok([403, 409].includes(late.status), String(late.status));
  const page = textOf((await done.phone.get(`${done.url}?open=finish`).expect(200)).text);
  assert.match(page, /This task is done already\. .*Clear the hall Done /);
  const dropped = await given(site, site.maya, 'Paint the hall');
  await act(portal.knex, site.staff, dropped.id, 'drop', { message: 'The landlord does it.' });
  const words = textOf((await dropped.phone.get(`${dropped.url}?open=confirm_date`).expect(200)).text);
  assert.match(words, /This task was dropped\. .*Paint the hall Dropped .*The landlord does it\./);
  const closed = await given(site, site.maya, 'Sweep the hall');
  await act(portal.knex, site.staff, site.id, 'close');
  await press(closed.phone, `${closed.url}/finish`).expect(303);
  const lost = await given(site, site.erik, 'Wire the hall');
  await portal.look(site.organization_id, (db) =>
    db('links')
      .where({ subject_id: lost.id })
      .update({ expires_at: db.raw(`now() - interval '1 day'`) }),
  );
  const fresh = await portal.browser().get(`${lost.email.link}?to=finish`);
  assert.equal(fresh.status, 410);
  assert.match(textOf(fresh.text), /expired|no longer/i);
});
