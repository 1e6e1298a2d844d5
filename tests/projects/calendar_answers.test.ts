import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { press, textOf } from '../support/forms.js';
import { fitOut, invitationOf, plannedEvent } from '../support/events.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { replyTo } from '../support/ics.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const invited = async (title: string, fields: object = {}) => {
  const project = await fitOut(portal, home);
  const planned = await plannedEvent(portal, home.staff, project.id, { title, guests: [home.maya.id], ...fields });
  const received = await portal.post.to(home.maya.email, planned.number);
  return { ...planned, received, url: `/${home.slug}/events/${planned.number}` };
};

let sent = 0;

/** A calendar program sends what somebody did there, as Outlook does: an empty text beside it. */
async function send(received: ReceivedEmail, method: string, ics: string, subject = 'Accepted: Walk-through') {
  const part = (type: string, text: string) => ['--b', `Content-Type: ${type}; charset=utf-8`, '', text];
  await portal.rawIn({
    mail_from: home.maya.email,
    to: received.reply_to,
    raw: [
      ...[`From: Maya Chen <${home.maya.email}>`, `To: ${received.reply_to}`, `Subject: ${subject}`],
      `Message-ID: <calendar-${++sent}@maple.example>`,
      ...['MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary=b', ''],
      ...part('text/plain', ''),
      ...part(`text/calendar; method=${method}`, ics),
      ...['--b--', ''],
    ].join('\r\n'),
  });
  await portal.idle();
}

const read = (id: string) =>
  portal.look(home.organization_id, async (db) => ({
    event: await db('events').where({ id }).first(),
    answers: await db('event_answers').where({ event_id: id }).pluck('answer'),
    said: await db('comments').where({ subject_id: id }).orderBy('id').pluck('body'),
    held: await db('inbound_deliveries').where({ state: 'held' }).select('code'),
  }));

/** What somebody asks for whose calendar proposes another time. `lines`: in the place of the event's start and end. */
const counter = (invitation: string, lines: string[]) =>
  replyTo(invitation, 'TENTATIVE')
    .replace('METHOD:REPLY', 'METHOD:COUNTER')
    .replace(/DTSTART:.*\r\n/, `${lines.join('\r\n')}\r\n`);

test('what was typed in the calendar goes with the answer', async () => {
  const { id, received } = await invited('First');
  const ics = replyTo(invitationOf(received).text, 'DECLINED').replace(
    'END:VEVENT',
    'COMMENT;LANGUAGE=en-us:I am away\\, sorry.\r\nEND:VEVENT',
  );
  await send(
    received,
    'REPLY',
    ics.replace('ATTENDEE;', 'ATTENDEE;ROLE=REQ-PARTICIPANT;').replace('mailto:', 'MAILTO:'),
  );
  const { answers, said } = await read(id);
  assert.deepEqual([answers, said], [['declined'], ['I am away, sorry.']]);
});

test('another time that a calendar proposes is a proposal, in the clocks of the event, and staff take it', async () => {
  const { id, received, url } = await invited('Second');
  // 11:00 in Los Angeles, written in Berlin.
  const lines = ['DTSTART;TZID=Europe/Berlin:20270310T200000', 'DTEND;TZID=Europe/Berlin:20270310T210000'];
  await send(received, 'COUNTER', counter(invitationOf(received).text, lines), 'New Time Proposed: Second');
  const { event, said, answers } = await read(id);
  const clock = (at: Date) => at.toISOString().slice(0, 16);
  assert.equal(String(event.proposed_by), home.maya.id);
  assert.match(JSON.stringify(event.proposed_starts_at), /2027-03-10.11:00/);
  assert.ok(clock);
  assert.deepEqual([said, answers], [[], []]);
  const told = await portal.post.to(home.olivia.email, 'proposed another time');
  assert.match((told.text ?? '').replace(/[\u2009\u202f]/g, ' '), /Proposed: March 10, 2027, 11:00 AM – 12:00 PM/);
  const olivia = await portal.signIn(home.olivia.email);
  await press(olivia, `${url}/take_time`).expect(303);
  assert.match(textOf((await olivia.get(url)).text).replace(/[\u2009\u202f]/g, ' '), /11:00 AM/);
});

test('what can’t be told for certain is posted as it was written, not lost: a zone of no name, one time, another’s', async () => {
  const { id, received } = await invited('Third');
  const own = invitationOf(received).text;
  const times = ['DTSTART;TZID=Somewhere Time:20270311T090000', 'DTEND;TZID=Somewhere Time:20270311T100000'];
  await send(received, 'COUNTER', counter(own, times), 'New Time Proposed: Third');
  const certain = ['DTSTART:20270311T170000Z', 'DTEND:20270311T180000Z'];
  await send(received, 'COUNTER', counter(own, ['RECURRENCE-ID:20270310T170000Z', ...certain]), 'New Time: Third');
  await send(received, 'COUNTER', counter(own, certain).replace(home.maya.email, 'eve@rival.example'), 'Time: Third');
  await send(received, 'REPLY', replyTo(own, 'DELEGATED'), 'Delegated: Third');
  const { event, said, answers, held } = await read(id);
  assert.deepEqual([event.proposed_by, answers, held], [null, [], []]);
  assert.equal(said.length, 4);
  assert.match(String(said[0]), /^Maya Chen asks for another time: Third, 2027-03-11 09:00:00/);
  assert.match(String(said[3]), /delegated: Third/);
});
