import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { tick } from '../../src/jobs/tick.js';
import { setReminderPlan, stopReminders } from '../../src/payments/reminders/reminder_plan.js';
import { type Harbor, harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const HOUR = 3_600_000;
const DUE = '2031-03-10';

/** An organization in a zone, with a plan. */
async function home(time_zone: string, days: number[]): Promise<Harbor> {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) =>
    db('organizations').where({ id: home.organization_id }).update({ time_zone }),
  );
  await plan(home, days);
  return home;
}

const plan = ({ staff }: Harbor, days: number[]) =>
  withActor(portal.knex, staff, (db) => setReminderPlan(db, staff, days));

/** The clock’s hourly job, from a time until another. */
async function ticks(from: string, until: string): Promise<void> {
  for (let at = Date.parse(from); at < Date.parse(until); at += HOUR) await tick(portal.knex, new Date(at));
}

/** The hours, UTC, in which an invoice was reminded of. */
const reminded = ({ organization_id }: Harbor, id: string): Promise<string[]> =>
  portal.look(organization_id, async (db) => {
    const times = await db('activities').where({ action: 'remind', subject_id: id }).orderBy('id').pluck('created_at');
    return times.map((time: Date) => time.toISOString().slice(0, 13));
  });

test('a whole plan goes out hour by hour, at nine where the organization is, also when its clocks change', async () => {
  // New York turns its clocks on March 9, 2031; Auckland is a day ahead of UTC's morning.
  const [york, auckland] = [await home('America/New_York', [-3, 0, 4]), await home('Pacific/Auckland', [-3, 0, 4])];
  const [first, second] = [
    await sentInvoice(portal, york, { due_on: DUE }),
    await sentInvoice(portal, auckland, { due_on: DUE }),
  ];
  await ticks('2031-03-06T00:00:30Z', '2031-03-16T00:00:00Z');
  assert.deepEqual(await reminded(york, first.id), ['2031-03-07T14', '2031-03-10T13', '2031-03-14T13']);
  assert.deepEqual(await reminded(auckland, second.id), ['2031-03-06T20', '2031-03-09T20', '2031-03-13T20']);
});

test('Maya promises to pay: reminders wait until her day has passed, and staff see that it was not kept', async () => {
  const here = await home('UTC', [1, 3, 20]);
  const invoice = await sentInvoice(portal, here, { due_on: DUE });
  await ticks('2031-03-11T08:00:00Z', '2031-03-11T10:00:00Z');
  const maya = { ...partnerActor(here, here.maya), now: new Date('2031-03-12T10:00:00Z') };
  const promise = (promised_on: string) => act(portal.knex, maya, invoice.id, 'promise', { promised_on });
  for (const wrong of ['2031-03-11', '2031-05-12', '2031-02-30', 'Friday'])
    await assert.rejects(promise(wrong), { status: 422 }, wrong);
  await promise('2031-04-30');
  await promise('2031-03-14');
  await ticks('2031-03-12T10:00:00Z', '2031-03-16T10:00:00Z');
  assert.deepEqual(await reminded(here, invoice.id), ['2031-03-11T09', '2031-03-15T09']);
  const told = await portal.post.to(here.olivia.email, 'promised to pay');
  assert.match(told.text ?? '', /Maya Chen promised to pay invoice .* by/);
});

test('nobody is reminded while stopped or without a plan; a plan begun later reminds once', async () => {
  const here = await home('UTC', []);
  const invoice = await sentInvoice(portal, here, { due_on: DUE });
  await ticks('2031-03-11T08:00:00Z', '2031-03-11T10:00:00Z');
  const stop = (now: boolean) =>
    withActor(portal.knex, here.staff, (db) => stopReminders(db, here.staff, here.partner_id, now));
  await stop(true);
  await plan(here, [1, 4, 8]);
  await ticks('2031-03-12T08:00:00Z', '2031-03-14T10:00:00Z');
  assert.deepEqual(await reminded(here, invoice.id), []);
  await stop(false);
  await ticks('2031-03-14T10:00:00Z', '2031-03-15T10:00:00Z');
  assert.deepEqual(await reminded(here, invoice.id), ['2031-03-14T10']);
});
