import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { press, textOf } from '../support/forms.js';
import { fitOut, invitationOf, plannedEvent } from '../support/events.js';
import { harbor, type Harbor, partnerActor } from '../support/harbor.js';
import { eventsIn, propertyIn, readIcs, replyTo } from '../support/ics.js';
import { inbox } from '../support/inbox.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

/** Intl sets ranges and times with spaces of their own. */
const plain = (text = '') => text.replace(/[\u2009\u202f]/g, ' ');

const { decided } = inbox(() => portal);

/** The event in a received invitation, which is valid. */
function eventIn(received: ReceivedEmail) {
  const { text, method } = invitationOf(received);
  const calendar = readIcs(text);
  assert.equal(propertyIn(calendar, 'METHOD').value, method);
  const [event] = eventsIn(calendar);
  assert.ok(event);
  return { method, value: (name: string) => propertyIn(event, name).value, event };
}

const answers = (id: string) =>
  portal.look(home.organization_id, (db) =>
    db('event_answers').where({ event_id: id }).orderBy('answered_at').select('person_id', 'answer'),
  );

const invited = async (fields: object = {}) => {
  const project = await fitOut(portal, home);
  const planned = await plannedEvent(portal, home.staff, project.id, { guests: [home.maya.id], ...fields });
  const received = await portal.post.to(home.maya.email, planned.number);
  return { ...planned, project, received, url: `/${home.slug}/events/${planned.number}` };
};

let sent = 0;

/** A calendar program sends an answer. */
const send = (received: ReceivedEmail, ics: string, from = home.maya.email, mail_from = from) =>
  portal.rawIn({
    mail_from,
    to: received.reply_to,
    raw: [
      ...[`From: Somebody <${from}>`, `To: ${received.reply_to}`, 'Subject: Accepted: Walk-through'],
      `Message-ID: <${++sent}@${from.split('@')[1]}>`,
      ...['MIME-Version: 1.0', 'Content-Type: text/calendar; method=REPLY; charset=utf-8', '', ics],
    ].join('\r\n'),
  });

test('an invitation comes by email: what, when and where, its answers as links, and as a calendar has it', async () => {
  const { received, id } = await invited({ title: 'First walk-through' });
  assert.match(received.subject ?? '', /\] First walk-through$/);
  const text = plain(received.text);
  assert.match(text, /Olivia Grant planned First walk-through/);
  assert.match(text, /When: March 10, 2027, 9:00 – 10:30 AM \(Los Angeles\)/);
  assert.match(text, /Where: 12 Maple Street/);
  assert.match(text, /I’ll come:\n.*\?to=accept[^]*Maybe:[^]*I can’t come:[^]*Propose another time:/);
  const { method, value, event } = eventIn(received);
  assert.equal(method, 'REQUEST');
  assert.equal(value('UID'), `${id}@${portal.config.mail_domain}`);
  assert.equal(value('SEQUENCE'), '0');
  assert.deepEqual(propertyIn(event, 'DTSTART').parameters, { TZID: 'America/Los_Angeles' });
  assert.equal(value('DTSTART'), '20270310T090000');
  assert.equal(value('ORGANIZER'), `mailto:${received.reply_to}`);
  assert.equal(value('ATTENDEE'), `mailto:${home.maya.email}`);
  assert.equal(propertyIn(event, 'ATTENDEE').parameters['RSVP'], 'TRUE');
  assert.ok(received.attachments.some(({ filename }) => filename === 'event.ics'));
});

test('by the link an answer takes two clicks, and its organizer is told', async () => {
  const { received, id, url } = await invited({ title: 'Second walk-through' });
  const mayas = await portal.open(received);
  const { headers } = await mayas.get(`${received.link}?to=accept`).expect(303);
  assert.equal(headers['location'], `${url}?open=accept#accept`);
  const page = await mayas.get(`${url}?open=accept`).expect(200);
  assert.match(page.text, /<details class="action" name="actions" open>\s*<summary class="button primary">I’ll come/);
  assert.deepEqual(await answers(id), []);
  await press(mayas, `${url}/accept`, { message: 'With the joiner.' }).expect(303);
  assert.deepEqual(await answers(id), [{ person_id: home.maya.id, answer: 'accepted' }]);
  const told = await portal.post.to(home.olivia.email, 'Second walk-through');
  assert.match(told.text ?? '', /Maya Chen will come to Second walk-through[^]*With the joiner\./);
  assert.match(textOf((await mayas.get(url)).text), /You said that you’ll come\./);
});

test('an answer of a calendar program is recorded, once; written words are a message', async () => {
  const { received, id, url } = await invited({ title: 'Third walk-through' });
  const before = await portal.look(home.organization_id, (db) => db('inbound_deliveries').count());
  await send(received, replyTo(invitationOf(received).text, 'DECLINED'));
  await portal.until('an answer', async () => (await answers(id)).length);
  assert.deepEqual(await answers(id), [{ person_id: home.maya.id, answer: 'declined' }]);
  await send(received, replyTo(invitationOf(received).text, 'DECLINED'));
  await decided(home, Number(before[0]?.['count']) + 2);
  const activities = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: id, action: 'decline' }).select('id'),
  );
  assert.equal(activities.length, 1);
  await send(received, replyTo(invitationOf(received).text, 'TENTATIVE'));
  await portal.until('another', async () => (await answers(id))[0]?.answer === 'tentative');
  const olivias = await portal.signIn(home.olivia.email);
  const page = textOf((await olivias.get(url)).text);
  assert.match(page, /Maya Chen Maple Street Clinic Maybe/);
  assert.match(page, /No messages yet|Nothing has been said/);
});

test('what Google’s calendar writes with an answer is no message; what its sender typed is', async () => {
  const { received, id } = await invited({ title: 'Lunch on site' });
  const google = (text: string, answer: string) =>
    portal.mailIn({
      ...{ from: home.maya.email, to: received.reply_to, subject: 'Accepted: Lunch on site' },
      text: `${text}\n\nLunch on site\nWednesday Mar 10, 2027\n\nInvitation from Google Calendar: https://calendar.google.com/`,
      attachments: [
        {
          filename: 'invite.ics',
          content: replyTo(invitationOf(received).text, answer),
          contentType: 'text/calendar; method=REPLY',
        },
      ],
    });
  await google('Maya Chen has accepted this invitation.', 'ACCEPTED');
  await portal.until('an answer', async () => (await answers(id)).length);
  await google('Maya Chen has declined this invitation with this note:\n\n"A patient needs me."', 'DECLINED');
  await portal.until('another', async () => (await answers(id))[0]?.answer === 'declined');
  const said = await portal.look(home.organization_id, (db) => db('comments').where({ subject_id: id }).pluck('body'));
  assert.deepEqual(said, ['A patient needs me.']);
});

test('nobody answers for another: not from another address, not unproven, not to another event', async () => {
  const { received, id } = await invited({ title: 'Fourth walk-through' });
  const other = await invited({ title: 'Another walk-through' });
  const own = invitationOf(received).text;
  await send(received, replyTo(own, 'ACCEPTED'), 'eve@rival.example');
  await send(received, replyTo(own, 'ACCEPTED', 'noah@maple.example'));
  await send(received, replyTo(invitationOf(other.received).text, 'ACCEPTED'));
  await portal.idle();
  assert.deepEqual([await answers(id), await answers(other.id)], [[], []]);
  const said = await portal.look(home.organization_id, (db) => db('comments').where({ subject_id: id }).pluck('body'));
  assert.equal(said.length, 2);
});

test('a moved event is the same in a calendar, in a higher sequence; answers before it no longer count', async () => {
  const { received, id, url } = await invited({ title: 'Fifth walk-through' });
  await act(portal.knex, partnerActor(home, home.maya), id, 'accept');
  const olivias = await portal.signIn(home.olivia.email);
  const same = { starts_on: '2027-03-10', starts_time: '09:00', ends_on: '2027-03-10', ends_time: '10:30' };
  await press(olivias, `${url}/move`, same)
    .expect(422)
    .expect(422, /It is at this time already/);
  const later = { ...same, starts_time: '11:00', ends_time: '12:00', message: 'The painters are late.' };
  await press(olivias, `${url}/move`, later).expect(303);
  const moved = await portal.post.to(home.maya.email, 'moved Fifth walk-through');
  assert.match(plain(moved.text), /When: .*9:00 – 10:30 AM.* → .*11:00 AM – 12:00 PM[^]*The painters are late\./);
  const [first, second] = [eventIn(received), eventIn(moved)];
  assert.equal(second.value('UID'), first.value('UID'));
  assert.deepEqual([second.value('SEQUENCE'), second.value('DTSTART')], ['1', '20270310T110000']);
  assert.equal(propertyIn(second.event, 'ATTENDEE').parameters['PARTSTAT'], 'NEEDS-ACTION');
  assert.deepEqual(await answers(id), []);
  await send(received, replyTo(invitationOf(received).text, 'ACCEPTED'));
  await portal.idle();
  assert.deepEqual(await answers(id), []);
  await send(moved, replyTo(invitationOf(moved).text, 'ACCEPTED'));
  await portal.until('an answer', async () => (await answers(id)).length);
});

test('a canceled event leaves calendars; so does one to which somebody is no longer invited', async () => {
  const { id, url, received } = await invited({ title: 'Sixth walk-through', guests: [home.maya.id, home.noah.id] });
  await portal.post.to(home.noah.email, 'Sixth walk-through');
  const olivias = await portal.signIn(home.olivia.email);
  const mayas = await portal.open(received);
  await press(olivias, `${url}/uninvite`, { person: home.maya.id }).expect(303);
  const dropped = await portal.post.to(home.maya.email, 'no longer invited');
  assert.match(dropped.text ?? '', /You are no longer invited to Sixth walk-through/);
  assert.doesNotMatch(dropped.text ?? '', /\/in\/\S/);
  const taken = eventIn(dropped);
  assert.deepEqual([taken.method, taken.value('STATUS'), taken.value('SEQUENCE')], ['CANCEL', 'CANCELLED', '1']);
  await mayas.get(url).expect(303);
  await press(olivias, `${url}/cancel_event`, { message: 'We come another day.' }).expect(303);
  const canceled = await portal.post.to(home.noah.email, 'canceled Sixth walk-through');
  assert.deepEqual([eventIn(canceled).method, eventIn(canceled).value('SEQUENCE')], ['CANCEL', '2']);
  await press(olivias, `${url}/move`, { starts_on: '2027-03-11' }).expect(409);
  const due = await portal.look(home.organization_id, (db) =>
    db('event_occurrences').where({ event_id: id }).whereNotNull('remind_at').select('event_id'),
  );
  assert.deepEqual(due, []);
});
