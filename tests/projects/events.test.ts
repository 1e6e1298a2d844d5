import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { DateTime } from 'luxon';
import { remindOfEvents } from '../../src/jobs/events/remind_of_events.js';
import { errorsIn, press, textOf } from '../support/forms.js';
import { fitOut, plannedEvent, WALK, workFor } from '../support/events.js';
import { addVendor, harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
});
after(() => portal.close());

/** Intl sets ranges and times with spaces of their own. */
const plain = (text = '') => text.replace(/[\u2009\u202f]/g, ' ');
const said = ({ text }: { text: string }) => plain(textOf(text));

const form = { ...WALK, shown: 'on', repeats: 'no', every: '1' };

test('staff plan an event for the customer, by a form that says what can’t be used', async () => {
  const { url } = await fitOut(portal, home);
  await olivia
    .get(`${url}/calendar/new`)
    .expect(200)
    .expect(/Maya Chen[^]*Send invitations/);
  const refused = async (fields: object) =>
    errorsIn((await press(olivia, `${url}/events`, { ...form, ...fields })).text);
  assert.deepEqual(await refused({ title: '' }), ['Fill this in.']);
  assert.deepEqual(await refused({ ends_time: '08:00' }), ['Enter a time after it starts.']);
  assert.deepEqual(await refused({ ends_on: '2027-03-09' }), ['This is before it starts.']);
  assert.deepEqual(await refused({ starts_time: 'nine' }), ['Enter a time like 9:30.']);
  assert.deepEqual(await refused({ starts_on: '2027-03-14', starts_time: '02:30', ends_on: '' }), [
    'There is no 02:30 on this day: clocks in America/Los Angeles are put forward. Enter another time.',
  ]);
  assert.deepEqual(await refused({ time_zone: 'Mars/Olympus' }), ['Choose a time zone.']);
  assert.deepEqual(await refused({ repeats: 'weekly' }), ['Enter the last day, or how often.']);
  assert.deepEqual(await refused({ repeats: 'daily', times: '401' }), ['This is too large.']);
  assert.deepEqual(await refused({ repeats: 'daily', until_on: '2030-03-10' }), [
    'It can happen 400 times in 10 years at most.',
  ]);
  const { headers } = await olivia
    .post(`${url}/events`)
    .type('form')
    .send({ ...form, 'guest[]': [home.maya.id], note: 'Bring the plan.' })
    .expect(303);
  const place = String(headers['location']).split('?')[0] ?? '';
  const page = said(await maya.get(place).expect(200));
  assert.match(page, /Walk-through Planned When March 10, 2027, 9:00 – 10:30 AM/);
  assert.match(page, /Where 12 Maple Street Bring the plan\./);
  assert.match(page, /Invited Olivia Grant Organizer Maya Chen Maple Street Clinic No answer yet/);
  assert.doesNotMatch(page, /Remove|Edit|Cancel event/);
});

test('a time that comes twice is the first, and its page says so', async () => {
  const { id } = await fitOut(portal, home);
  const twice = { starts_on: '2027-11-07', starts_time: '01:30', ends_on: '2027-11-07', ends_time: '03:00' };
  const event = await plannedEvent(portal, home.staff, id, { ...twice, guests: [] });
  await olivia.get(`/${home.slug}/events/${event.number}`).expect(/Clocks are put back: it is the first of the two\./);
  const { begins_at } = await portal.look(home.organization_id, (db) =>
    db('event_occurrences').where({ event_id: event.id }).first('begins_at'),
  );
  assert.equal(begins_at.toISOString(), '2027-11-07T08:30:00.000Z');
});

test('a customer asks for a meeting; staff confirm it, and everybody is invited', async () => {
  const { url, id } = await fitOut(portal, home);
  await maya.get(`${url}/calendar`).expect(/Ask for a meeting/);
  const asked = { ...WALK, title: 'Colours of the panels', starts_on: '2027-04-02', ends_on: '2027-04-02' };
  const { headers } = await maya.post(`${url}/events`).type('form').send(asked).expect(303);
  const place = String(headers['location']).split('?')[0] ?? '';
  const told = await portal.post.to(home.olivia.email, 'Colours of the panels');
  assert.match(told.text ?? '', /Maya Chen asked for a meeting: Colours of the panels/);
  await press(maya, `${place}/plan`).expect(403);
  await press(olivia, `${place}/plan`, { message: 'Gladly.' }).expect(303);
  const confirmed = await portal.post.to(home.maya.email, 'planned Colours of the panels');
  assert.match(confirmed.raw, /method=REQUEST/i);
  assert.match(said(await maya.get(place)), /Planned/);
  await portal.look(home.organization_id, (db) =>
    db('projects')
      .where({ id })
      .update({ shown: ['tasks', 'comments'] }),
  );
  await maya.get(`${url}/calendar`).expect(404);
  await maya.post(`${url}/events`).type('form').send(asked).expect(404);
});

test('who is invited proposes another time, and staff take it or keep theirs', async () => {
  const { id } = await fitOut(portal, home);
  const { number, id: event } = await plannedEvent(portal, home.staff, id, { guests: [home.maya.id] });
  const url = `/${home.slug}/events/${number}`;
  const friday = { starts_on: '2027-03-12', starts_time: '14:00', ends_on: '2027-03-12', ends_time: '15:00' };
  await press(maya, `${url}/propose`, { ...friday, ends_time: '13:00' }).expect(422);
  await press(maya, `${url}/propose`, { ...friday, message: 'Friday suits us better.' }).expect(303);
  const told = await portal.post.to(home.olivia.email, 'proposed another time');
  assert.match(plain(told.text), /Proposed: March 12, 2027, 2:00 – 3:00 PM[^]*Friday suits us better\./);
  assert.match(said(await olivia.get(url)), /Maya Chen proposes March 12, 2027, 2:00 – 3:00 PM/);
  await press(olivia, `${url}/keep_time`, { message: 'The crane comes on Wednesday.' }).expect(303);
  await portal.post.to(home.maya.email, 'kept the time');
  await press(olivia, `${url}/take_time`).expect(409);
  await press(maya, `${url}/propose`, friday).expect(303);
  await press(olivia, `${url}/take_time`).expect(303);
  await portal.post.to(home.maya.email, 'to the proposed time');
  const row = await portal.look(home.organization_id, (db) => db('events').where({ id: event }).first());
  assert.deepEqual([row.sequence, row.proposed_by], [1, null]);
  const page = await olivia.get(url).expect(200);
  assert.match(said(page), /When March 12, 2027, 2:00 – 3:00 PM/);
});

test('everybody who takes part is reminded a day before, once for each time', async () => {
  const { id } = await fitOut(portal, home);
  const weekly = { title: 'Site meeting', repeats: 'weekly', every: '1', times: '3', guests: [home.maya.id] };
  const { id: event } = await plannedEvent(portal, home.staff, id, weekly);
  const reminders = () =>
    portal.look(home.organization_id, (db) =>
      db('activities').where({ subject_id: event, action: 'remind_event' }).select('details'),
    );
  const at = (clock: string) => DateTime.fromISO(clock, { zone: 'America/Los_Angeles' }).toJSDate();
  await remindOfEvents(portal.knex, at('2027-03-09T08:50'));
  assert.equal((await reminders()).length, 0);
  await remindOfEvents(portal.knex, at('2027-03-09T09:05'));
  await remindOfEvents(portal.knex, at('2027-03-09T09:20'));
  assert.deepEqual(
    (await reminders()).map(({ details }) => details.on),
    ['2027-03-10'],
  );
  const received = await portal.post.to(home.maya.email, 'Reminder: Site meeting');
  assert.match(received.text ?? '', /Repeats: Every week, 3 times/);
  // Clocks were put forward in between: still at nine.
  await remindOfEvents(portal.knex, at('2027-03-16T09:05'));
  assert.equal((await reminders()).length, 2);
});

test('an event with a vendor is theirs; the customer sees when it is, not who comes or what is said', async () => {
  const { id, url } = await fitOut(portal, home);
  const { vendor, erik } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  const deliver = { title: 'Delivery of the ash', vendor, guests: [erik] };
  await assert.rejects(plannedEvent(portal, home.staff, id, deliver), /Choose a vendor with work/);
  await workFor(portal, home, id, vendor);
  await assert.rejects(
    plannedEvent(portal, home.staff, id, { ...deliver, guests: [home.maya.id] }),
    /Choose people of your team/,
  );
  const { number, id: event } = await plannedEvent(portal, home.staff, id, deliver);
  await act(portal.knex, home.staff, event, 'comment', { text: 'Gate 2, please' });
  const place = `/${home.slug}/events/${number}`;
  const eriks = await portal.signIn(`erik.${home.slug}@northern.example`);
  assert.match(said(await eriks.get(place).expect(200)), /Delivery of the ash[^]*Erik Lund[^]*Gate 2, please/);
  await eriks.get(`${url}/calendar?view=agenda&on=2027-03-01`).expect(/Delivery of the ash/);
  await press(eriks, `${place}/accept`).expect(303);
  const hers = said(await maya.get(place).expect(200));
  assert.match(hers, /Delivery of the ash/);
  assert.doesNotMatch(hers, /Erik|Gate 2|I’ll come/);
  await press(maya, `${place}/accept`).expect(404);
});

test('an edited event tells everybody; who is not invited can’t answer', async () => {
  const { id } = await fitOut(portal, home);
  const { number, id: event } = await plannedEvent(portal, home.staff, id, { guests: [home.maya.id] });
  const url = `/${home.slug}/events/${number}`;
  await olivia
    .get(`${url}/edit`)
    .expect(200)
    .expect(/value="12 Maple Street"/);
  await press(olivia, `${url}/change_event`, { ...form, place: 'Gate 2', starts_time: '25:00' }).expect(422);
  await press(olivia, `${url}/change_event`, { ...form, title: 'Walk', place: 'Gate 2' }).expect(303);
  const told = await portal.post.to(home.maya.email, 'changed Walk');
  assert.match(told.text ?? '', /Where: Gate 2/);
  const row = await portal.look(home.organization_id, (db) => db('events').where({ id: event }).first());
  assert.deepEqual([row.sequence, row.asked_sequence], [1, 0]);
  await assert.rejects(act(portal.knex, partnerActor(home, home.noah), event, 'accept'), { status: 409 });
  await press(olivia, `${url}/invite`, { person: home.noah.id }).expect(303);
  await portal.post.to(home.noah.email, 'invited you to Walk');
  await act(portal.knex, partnerActor(home, home.noah), event, 'accept');
});
