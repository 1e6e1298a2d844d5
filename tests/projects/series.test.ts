import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { errorsIn, press, textOf } from '../support/forms.js';
import { fitOut, invitationOf, plannedEvent } from '../support/events.js';
import { harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { timesIn } from '../support/ical.js';
import { eventsIn, propertyIn, readIcs, replyTo } from '../support/ics.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;
let program: Browser;
let feed: string;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
  program = portal.browser();
  const made = await maya.post(`/${home.slug}/settings/calendar`).type('form').send({}).expect(200);
  feed = /value="https?:\/\/[^/]+(\/calendar\/[\w-]{43}\.ics)"/.exec(made.text)?.[1] ?? '';
});
after(() => portal.close());

/** Intl sets ranges and times with spaces of their own. */
const plain = (text = '') => text.replace(/[\u2009\u202f]/g, ' ');
const said = ({ text }: { text: string }) => plain(textOf(text));

let made = 0;

/** Four Wednesdays at nine in Los Angeles from March 10, 2027; clocks are put forward on the 14th. */
async function meetings(fields: object = {}) {
  const title = `Site meeting ${++made}`;
  const project = await fitOut(portal, home);
  const weekly = { title, repeats: 'weekly', every: '1', times: '4', guests: [home.maya.id] };
  const { id, number } = await plannedEvent(portal, home.staff, project.id, { ...weekly, ...fields });
  const invited = await portal.post.to(home.maya.email, title);
  return { id, number, title, project, invited, url: `/${home.slug}/events/${number}` };
}

const times = (title: string, text: string) =>
  timesIn(text)
    .filter((time) => time.title === title)
    .map(({ starts }) => starts);
const inFeed = async (title: string) => times(title, (await program.get(feed).expect(200)).text);

const THURSDAY = { starts_on: '2027-03-18', starts_time: '11:00', ends_on: '2027-03-18', ends_time: '12:00' };

const row = (id: string) => portal.look(home.organization_id, (db) => db('events').where({ id }).first());
const answers = (id: string) =>
  portal.look(home.organization_id, (db) =>
    db('event_answers').where({ event_id: id }).orderBy('original_on').select('original_on', 'answer'),
  );

/** The event of an email's invitation that is about one time. */
function eventIn(received: ReceivedEmail) {
  const { text, method } = invitationOf(received);
  const [event, ...others] = eventsIn(readIcs(text));
  assert.ok(event && !others.length);
  return { method, text, value: (name: string) => propertyIn(event, name).value };
}

test('one time is moved: calendars, invitations and pages show it at its place, the others where they were', async () => {
  const { id, title, url, project } = await meetings();
  const page = await olivia.get(`${url}?on=2027-03-17`).expect(200);
  assert.match(
    said(page),
    /When March 17, 2027, 9:00 – 10:30 AM[^]*Only this one[^]*This one and all after[^]*All of them/,
  );
  const bad = await press(olivia, `${url}/move`, { on: '2027-03-17', ...THURSDAY, ends_time: '10:00' }).expect(422);
  assert.deepEqual(errorsIn(bad.text), ['Enter a time after it starts.']);
  const { headers } = await press(olivia, `${url}/move`, { on: '2027-03-17', which: 'one', ...THURSDAY }).expect(303);
  assert.equal(headers['location'], `${url}?on=2027-03-17&done=done`);

  const told = await portal.post.to(home.maya.email, `moved ${title} of March 17, 2027`);
  const text = plain(told.text);
  assert.match(text, /When: March 17, 2027, 9:00 – 10:30 AM .* → March 18, 2027, 11:00 AM – 12:00 PM/);
  assert.match(text, /This is about one time only\. The others stay as they are\./);
  assert.match(text, /\?to=accept&on=2027-03-17/);
  const { method, value } = eventIn(told);
  assert.deepEqual([method, value('UID'), value('SEQUENCE')], ['REQUEST', `${id}@${portal.config.mail_domain}`, '1']);
  assert.deepEqual([value('RECURRENCE-ID'), value('DTSTART')], ['20270317T090000', '20270318T110000']);
  assert.doesNotMatch(invitationOf(told).text, /RRULE/);

  assert.deepEqual(await inFeed(title), [
    '2027-03-10T17:00',
    '2027-03-18T18:00',
    '2027-03-24T16:00',
    '2027-03-31T16:00',
  ]);
  const agenda = said(await maya.get(`${project.url}/calendar?view=agenda&on=2027-03-16`));
  assert.match(agenda, /Thursday, March 18 11:00 AM \(Los Angeles\)/);
  assert.doesNotMatch(agenda, /March 17/);
  const week = await maya.get(`${project.url}/calendar?view=week&on=2027-03-18`).expect(200);
  assert.match(week.text, new RegExp(`${url}\\?on=2027-03-17"`));
  const one = said(await maya.get(`${url}?on=2027-03-17`).expect(200));
  assert.match(
    one,
    /When March 18, 2027, 11:00 AM – 12:00 PM \(Los Angeles\) Moved from March 17, 2027, 9:00 – 10:30 AM/,
  );
  await maya.get(`${url}?on=2027-03-18`).expect(404);
  assert.match(said(await maya.get(url)), /Times[^]*March 18, 2027, 11:00 AM – 12:00 PM \(Los Angeles\) Moved/);
});

test('one time is canceled, then the last that is left: the others stay, until nothing takes place', async () => {
  const { id, title, url, project } = await meetings({ times: '2' });
  await press(olivia, `${url}/cancel_event`, { on: '2027-03-17', which: 'one', message: 'The room is taken.' }).expect(
    303,
  );
  const told = await portal.post.to(home.maya.email, `canceled ${title} of March 17, 2027`);
  const { method, value } = eventIn(told);
  assert.deepEqual([method, value('STATUS'), value('SEQUENCE')], ['CANCEL', 'CANCELLED', '1']);
  assert.equal(value('RECURRENCE-ID'), '20270317T090000');
  assert.deepEqual(await inFeed(title), ['2027-03-10T17:00']);
  assert.deepEqual([(await row(id)).state, (await row(id)).last_on], ['planned', '2027-03-10']);
  assert.doesNotMatch(said(await maya.get(`${project.url}/calendar?view=agenda&on=2027-03-11`)), new RegExp(title));
  assert.match(said(await maya.get(`${url}?on=2027-03-17`).expect(200)), /Canceled/);
  // Somebody else still had its page open.
  await press(olivia, `${url}/move`, { on: '2027-03-17', which: 'one', ...THURSDAY })
    .expect(409)
    .expect(409, /This time isn’t in the series any more/);
  await press(maya, `${url}/accept`, { on: '2027-03-17' }).expect(409);
  await press(olivia, `${url}/cancel_event`, { on: '2027-03-10', which: 'one' }).expect(303);
  assert.equal((await row(id)).state, 'canceled');
  assert.deepEqual(await inFeed(title), []);
});

test('an answer is to one time or to all; what is moved is asked anew', async () => {
  const { id, title, url } = await meetings();
  await act(portal.knex, partnerActor(home, home.maya), id, 'accept');
  await press(maya, `${url}/decline`, { on: '2027-03-24', message: 'On holiday.' }).expect(303);
  const told = await portal.post.to(home.olivia.email, `can’t come to ${title} on March 24, 2027`);
  assert.match(plain(told.text), /When: March 24, 2027/);
  assert.match(said(await maya.get(url)), /You said that you’ll come\./);
  assert.match(said(await maya.get(`${url}?on=2027-03-24`)), /You said that you can’t come\./);
  assert.match(said(await olivia.get(`${url}?on=2027-03-24`)), /Maya Chen Maple Street Clinic Not coming/);
  assert.match(said(await olivia.get(`${url}?on=2027-03-17`)), /Maya Chen Maple Street Clinic Coming/);
  await act(portal.knex, home.staff, id, 'move', { on: '2027-03-17', which: 'one', ...THURSDAY });
  assert.match(said(await olivia.get(`${url}?on=2027-03-17`)), /Maya Chen Maple Street Clinic No answer yet/);
  assert.deepEqual(await answers(id), [
    { original_on: '2027-03-24', answer: 'declined' },
    { original_on: null, answer: 'accepted' },
  ]);
});

/** A calendar program answers to one time, as it calls that. */
const answer = (received: ReceivedEmail, ics: string, recurrence_id: string | null) => {
  const lines = ics.replace(/\r\nRECURRENCE-ID[^\r]*/g, '');
  const one = recurrence_id ? lines.replace('\r\nSEQUENCE', `\r\n${recurrence_id}\r\nSEQUENCE`) : lines;
  return portal.rawIn({
    mail_from: home.maya.email,
    to: received.reply_to,
    raw: [
      ...[`From: Maya <${home.maya.email}>`, `To: ${received.reply_to}`, 'Subject: Declined: Site meeting'],
      `Message-ID: <${++made}.series@maple.example>`,
      ...['MIME-Version: 1.0', 'Content-Type: text/calendar; method=REPLY; charset=utf-8', '', one],
    ].join('\r\n'),
  });
};

test('an answer by mail with RECURRENCE-ID is to that time alone, in whatever zone it names it', async () => {
  const { id, invited } = await meetings();
  const { text } = invitationOf(invited);
  await answer(invited, replyTo(text, 'DECLINED'), 'RECURRENCE-ID;TZID=America/Los_Angeles:20270317T090000');
  await portal.until('an answer', async () => (await answers(id)).length === 1);
  await answer(invited, replyTo(text, 'TENTATIVE'), 'RECURRENCE-ID:20270324T160000Z');
  await portal.until('another', async () => (await answers(id)).length === 2);
  await answer(invited, replyTo(text, 'ACCEPTED'), 'RECURRENCE-ID;TZID=Europe/Berlin:20270331T180000');
  await portal.until('a third', async () => (await answers(id)).length === 3);
  assert.deepEqual(await answers(id), [
    { original_on: '2027-03-17', answer: 'declined' },
    { original_on: '2027-03-24', answer: 'tentative' },
    { original_on: '2027-03-31', answer: 'accepted' },
  ]);
  // To a time that there never was it is a message.
  await answer(invited, replyTo(text, 'ACCEPTED'), 'RECURRENCE-ID:20270325T160000Z');
  await portal.idle();
  assert.equal((await answers(id)).length, 3);
});

test('an answer to a time before it was moved comes too late', async () => {
  const { id, invited, title } = await meetings();
  await act(portal.knex, home.staff, id, 'move', { on: '2027-03-17', which: 'one', ...THURSDAY });
  const moved = await portal.post.to(home.maya.email, `moved ${title}`);
  const named = 'RECURRENCE-ID;TZID=America/Los_Angeles:20270317T090000';
  await answer(invited, replyTo(invitationOf(invited).text, 'ACCEPTED'), named);
  await portal.idle();
  assert.deepEqual(await answers(id), []);
  await answer(moved, replyTo(invitationOf(moved).text, 'ACCEPTED'), named);
  await portal.until('an answer', async () => (await answers(id)).length);
  assert.deepEqual(await answers(id), [{ original_on: '2027-03-17', answer: 'accepted' }]);
});

test('this one and all after go on as a series of their own, as often as were left', async () => {
  const { id, title, url } = await meetings();
  await act(portal.knex, home.staff, id, 'cancel_event', { on: '2027-03-31', which: 'one' });
  const later = { ...THURSDAY, starts_on: '2027-03-17', ends_on: '2027-03-17' };
  await press(olivia, `${url}/move`, { on: '2027-03-17', which: 'after', ...later }).expect(303);
  await portal.post.to(home.maya.email, `moved ${title} from March 17, 2027 on`);
  await portal.post.to(home.maya.email, `planned ${title}`);
  const all = await portal.look(home.organization_id, (db) =>
    db('events').where({ title }).orderBy('number').select('state', 'until_on', 'times', 'sequence', 'last_on'),
  );
  assert.deepEqual(all, [
    { state: 'planned', until_on: '2027-03-16', times: null, sequence: 2, last_on: '2027-03-10' },
    { state: 'planned', until_on: null, times: 3, sequence: 0, last_on: '2027-03-24' },
  ]);
  // The one that was canceled stays canceled.
  assert.deepEqual(await inFeed(title), ['2027-03-10T17:00', '2027-03-17T18:00', '2027-03-24T18:00']);
  // Whose page somebody still had open.
  await press(olivia, `${url}/move`, { on: '2027-03-24', which: 'one', ...later })
    .expect(409)
    .expect(409, /This time isn’t in the series any more/);
  // The one that is left is moved as any other.
  await act(portal.knex, home.staff, id, 'move', { ...later, starts_on: '2027-03-20', ends_on: '2027-03-20' });
  assert.deepEqual((await inFeed(title)).slice(0, 2), ['2027-03-17T18:00', '2027-03-20T18:00']);
});

test('all are moved by what one is: as often as before, and what was changed alone stays while its day does', async () => {
  const { id, title, url } = await meetings({ times: undefined, until_on: '2027-03-31' });
  await act(portal.knex, home.staff, id, 'move', { on: '2027-03-17', which: 'one', ...THURSDAY });
  await act(portal.knex, home.staff, id, 'cancel_event', { on: '2027-03-24', which: 'one' });
  const noon = { starts_on: '2027-03-31', starts_time: '12:00', ends_on: '2027-03-31', ends_time: '13:00' };
  await press(olivia, `${url}/move`, { on: '2027-03-31', which: 'all', ...noon }).expect(303);
  const isTold = ({ text = '' }: ReceivedEmail) => text.includes(title) && /12:00 – 1:00 PM/.test(plain(text));
  const received = await portal.post.to(home.maya.email, isTold);
  const expected = ['2027-03-10T20:00', '2027-03-18T18:00', '2027-03-31T19:00'];
  assert.deepEqual(await inFeed(title), expected);
  assert.deepEqual(times(title, invitationOf(received).text), expected);
  // On other days they follow their series; none of them is lost at its end.
  const thursdays = { ...noon, starts_on: '2027-04-01', ends_on: '2027-04-01' };
  await press(olivia, `${url}/move`, { on: '2027-03-31', which: 'all', ...thursdays }).expect(303);
  assert.deepEqual(await inFeed(title), [
    '2027-03-11T20:00',
    '2027-03-18T19:00',
    '2027-03-25T19:00',
    '2027-04-01T19:00',
  ]);
  assert.deepEqual([(await row(id)).until_on, (await row(id)).last_on], ['2027-04-01', '2027-04-01']);
});

test('canceled from one on, a series ends before it; from its first on, nothing takes place', async () => {
  const { id, title, url } = await meetings();
  await press(olivia, `${url}/cancel_event`, { on: '2027-03-24', which: 'after' }).expect(303);
  const told = await portal.post.to(home.maya.email, `canceled ${title} from March 24, 2027 on`);
  assert.deepEqual(times(title, invitationOf(told).text), ['2027-03-10T17:00', '2027-03-17T16:00']);
  assert.equal((await row(id)).state, 'planned');
  await press(olivia, `${url}/cancel_event`, { on: '2027-03-10', which: 'after' }).expect(303);
  assert.equal((await row(id)).state, 'canceled');
});

test('whole days: one of them is moved by itself, and named by its day', async () => {
  const days = { whole_day: true, starts_on: '2027-03-10', ends_on: '2027-03-11', repeats: 'monthly', times: '3' };
  const { id, title } = await meetings(days);
  const moved = { starts_on: '2027-04-12', ends_on: '2027-04-13' };
  await act(portal.knex, home.staff, id, 'move', { on: '2027-04-10', which: 'one', ...moved });
  const { text, value } = eventIn(await portal.post.to(home.maya.email, `moved ${title}`));
  assert.match(text, /RECURRENCE-ID;VALUE=DATE:20270410\r\n/);
  assert.deepEqual([value('DTSTART'), value('DTEND')], ['20270412', '20270414']);
  assert.deepEqual(await inFeed(title), ['2027-03-10', '2027-04-12', '2027-05-10']);
});

test('who is invited proposes another time for one of a series, and staff take it', async () => {
  const { id, title, url } = await meetings();
  await press(maya, `${url}/propose`, { on: '2027-03-17', ...THURSDAY }).expect(303);
  await portal.post.to(home.olivia.email, `proposed another time for ${title} of March 17, 2027`);
  assert.match(
    said(await olivia.get(url)),
    /Maya Chen proposes March 18, 2027, 11:00 AM – 12:00 PM .* instead of the one on March 17, 2027\./,
  );
  await press(olivia, `${url}/take_time`).expect(303);
  assert.deepEqual((await inFeed(title)).slice(0, 2), ['2027-03-10T17:00', '2027-03-18T18:00']);
  assert.equal((await row(id)).proposed_on, null);
});

test('who is invited later gets the series with all that was changed', async () => {
  const { id, title, url } = await meetings();
  await act(portal.knex, home.staff, id, 'move', { on: '2027-03-17', which: 'one', ...THURSDAY });
  await act(portal.knex, home.staff, id, 'cancel_event', { on: '2027-03-24', which: 'one' });
  await press(olivia, `${url}/invite`, { person: home.noah.id }).expect(303);
  const received = await portal.post.to(home.noah.email, title);
  assert.deepEqual(times(title, invitationOf(received).text), await inFeed(title));
  assert.equal((await inFeed(title)).length, 3);
});

test('a series that happens once from now on, or by other clocks, is as it says', async () => {
  const { id, title, url } = await meetings();
  const said_of_it = {
    title,
    time_zone: 'America/Los_Angeles',
    shown: 'on',
    repeats: 'weekly',
    every: '1',
    times: '4',
  };
  const times_of = { starts_on: '2027-03-10', starts_time: '09:00', ends_on: '2027-03-10', ends_time: '10:30' };
  await act(portal.knex, home.staff, id, 'move', { on: '2027-03-17', which: 'one', ...THURSDAY });
  await act(portal.knex, home.staff, id, 'cancel_event', { on: '2027-03-10', which: 'one' });
  const eastern = { ...said_of_it, ...times_of, time_zone: 'America/New_York' };
  await press(olivia, `${url}/change_event`, eastern).expect(303);
  assert.deepEqual(await inFeed(title), ['2027-03-17T13:00', '2027-03-24T13:00', '2027-03-31T13:00']);
  await press(olivia, `${url}/change_event`, { ...eastern, repeats: 'no', times: '' }).expect(303);
  assert.deepEqual(await inFeed(title), ['2027-03-10T14:00']);
});
