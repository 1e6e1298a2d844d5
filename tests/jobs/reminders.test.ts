import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { tick } from '../../src/jobs/tick.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a reminder is sent once on its day, and never for what is paid', async () => {
  const home = await harbor(portal);
  const [due, paid] = [
    await sentInvoice(portal, home, { issued_on: '2026-01-01', due_on: '2026-03-01' }),
    await sentInvoice(portal, home, { issued_on: '2026-01-01', due_on: '2026-03-01' }),
  ];
  await act(portal.knex, home.staff, paid.id, 'record_payment', {
    amount: 10_800,
    paid_on: '2026-02-01',
    method: 'Cash',
  });
  const noon = new Date('2026-03-02T12:00:00Z');
  await Promise.all([tick(portal.knex, noon), tick(portal.knex, noon)]);
  const received = await portal.post.to(home.maya.email, 'Reminder: Invoice');
  assert.ok(received.subject?.includes(due.number));
  assert.equal(received.attachments.length, 1);
  const reminders = await portal.look(home.organization_id, (db) =>
    db('activities').where({ action: 'remind' }).pluck('subject_id'),
  );
  assert.deepEqual(reminders, [due.id]);
});
