import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../../src/act.js';
import { addTask } from '../../../src/projects/tasks/add_task.js';
import { day } from '../../support/days.js';
import { fitOut, plannedEvent, WALK } from '../../support/events.js';
import { addVendor, harbor } from '../../support/harbor.js';
import { openPortal, type Portal } from '../../support/portal.js';
import { found, mailOf } from './walk.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('who lost a task, or is no longer invited, hears that and nothing of what it became before the email went out', async () => {
  const home = await harbor(portal);
  const { knex } = portal;
  const { id: project } = await fitOut(portal, home);
  const erik = `erik.${home.slug}@northern.example`;
  const [northern, volt] = [
    await addVendor(portal, home, erik),
    await addVendor(portal, home, `v.${home.slug}@x.example`),
  ];
  const title = 'Wire the desk';
  const task = await addTask(knex, home.staff, project, { title, vendor: northern.vendor, assignee: northern.erik });
  const event = await plannedEvent(portal, home.staff, project, { guests: [home.maya.id] });
  await portal.idle();
  const before = portal.post.emails.length;
  await portal.close_worker();
  const given = { vendor: volt.vendor, assignee: volt.erik, due_on: day(9) };
  await act(knex, home.staff, task, 'change', { title, ...given });
  await act(knex, home.staff, task, 'change', { title: 'Zqrenamed', ...given });
  await act(knex, home.staff, event.id, 'uninvite', { person: home.maya.id });
  await act(knex, home.staff, event.id, 'change_event', {
    ...WALK,
    title: 'Zqretitled',
    place: 'Zqplace',
    note: 'Zqnote',
  });
  const worker = await portal.startWorker();
  await portal.idle();
  const emails = portal.post.emails.slice(before);
  const told = [...mailOf(emails, erik), ...mailOf(emails, home.maya.email)];
  await worker.stop();
  assert.match(told.map(({ text }) => text).join(), /off your list[\s\S]*no longer invited to Walk-through/);
  assert.deepEqual(found(told, ['Zqrenamed', 'Zqretitled', 'Zqplace', 'Zqnote']), []);
});
