import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CalendarEntry, calendarText } from '../../src/calendar/calendar_text.js';
import { momentOf } from '../../src/calendar/local_time.js';
import { daysOf } from '../../src/calendar/recurrence.js';
import { eventsIn, propertyIn, readIcs } from '../support/ics.js';

const entry: CalendarEntry = {
  ...{ uid: 'a@parley.example', sequence: 2, changed_at: new Date('2026-11-30T08:00:00Z'), status: 'CONFIRMED' },
  ...{ title: 'Walk-through; with the joiners, at last', place: '12 Maple Street\nPortland', url: null },
  note: 'Bring the colour cards \\ samples. Größe, Höhe und Tiefe der Theke prüfen wir gemeinsam: 木の見本 und mehr.',
  ...{ starts_at: '2026-12-04T09:00', ends_at: '2026-12-04T10:30', time_zone: 'America/Los_Angeles', whole_day: false },
  recurrence: null,
};

test('a calendar is text as RFC 5545 has it: folded, escaped, with its zone', () => {
  assert.equal(
    calendarText('REQUEST', [
      {
        ...entry,
        organizer: { name: 'Harbor "&" Pine', address: 'reply+1@parley.example' },
        attendee: { name: 'Maya Chen', address: 'maya@maple.example', answer: 'NEEDS-ACTION' },
      },
    ]),
    [
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Parley//Calendar//EN', 'CALSCALE:GREGORIAN', 'METHOD:REQUEST'],
      ...['BEGIN:VTIMEZONE', 'TZID:America/Los_Angeles'],
      ...['BEGIN:STANDARD', 'DTSTART:20251231T160000', 'TZOFFSETFROM:-0800', 'TZOFFSETTO:-0800', 'END:STANDARD'],
      ...['BEGIN:DAYLIGHT', 'DTSTART:20260308T020000', 'TZOFFSETFROM:-0800', 'TZOFFSETTO:-0700', 'END:DAYLIGHT'],
      ...['BEGIN:STANDARD', 'DTSTART:20261101T020000', 'TZOFFSETFROM:-0700', 'TZOFFSETTO:-0800', 'END:STANDARD'],
      'END:VTIMEZONE',
      ...['BEGIN:VEVENT', 'UID:a@parley.example', 'SEQUENCE:2', 'DTSTAMP:20261130T080000Z'],
      ...['DTSTART;TZID=America/Los_Angeles:20261204T090000', 'DTEND;TZID=America/Los_Angeles:20261204T103000'],
      ...['SUMMARY:Walk-through\\; with the joiners\\, at last', 'LOCATION:12 Maple Street\\nPortland'],
      'DESCRIPTION:Bring the colour cards \\\\ samples. Größe\\, Höhe und Tiefe de',
      ' r Theke prüfen wir gemeinsam: 木の見本 und mehr.',
      'STATUS:CONFIRMED',
      'ORGANIZER;CN="Harbor ’&’ Pine":mailto:reply+1@parley.example',
      'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=',
      ' TRUE;CN="Maya Chen":mailto:maya@maple.example',
      ...['END:VEVENT', 'END:VCALENDAR', ''],
    ].join('\r\n'),
  );
});

test('whole days end the day after, a series says how often, UTC needs no zone', () => {
  const whole = { ...entry, starts_at: '2026-12-04T00:00', ends_at: '2026-12-05T00:00', whole_day: true };
  const weekly = { repeats: 'weekly' as const, every: 2, until_on: '2027-01-15', times: null };
  const calendar = readIcs(calendarText('PUBLISH', [whole, { ...entry, time_zone: 'UTC', recurrence: weekly }], 'Us'));
  const [days, series] = eventsIn(calendar);
  assert.ok(days && series && calendar.components.length === 2);
  assert.equal(propertyIn(days, 'DTSTART').value, '20261204');
  assert.equal(propertyIn(days, 'DTEND').value, '20261206');
  assert.equal(propertyIn(series, 'DTSTART').value, '20261204T090000Z');
  assert.equal(propertyIn(series, 'RRULE').value, 'FREQ=WEEKLY;INTERVAL=2;COUNT=4');
});

test('nothing that is typed ends a line or a parameter', () => {
  const hostile = 'x\r\nATTENDEE:mailto:eve@rival.example\u0000\u0085";CN="y';
  const party = { name: hostile, address: 'maya@maple.example', answer: 'ACCEPTED' as const };
  const text = calendarText('REQUEST', [{ ...entry, title: hostile, place: hostile, note: hostile, attendee: party }]);
  const [event] = eventsIn(readIcs(text));
  assert.ok(event);
  assert.equal(propertyIn(event, 'ATTENDEE').value, 'mailto:maya@maple.example');
  assert.equal(propertyIn(event, 'SUMMARY').value, 'x\\nATTENDEE:mailto:eve@rival.example"\\;CN="y');
});

test('a time that clocks skip is known, and of one that comes twice the first counts', () => {
  const gap = momentOf('2027-03-14T02:30', 'America/Los_Angeles');
  assert.deepEqual([gap.kind, new Date(gap.at).toISOString()], ['gap', '2027-03-14T10:30:00.000Z']);
  const twice = momentOf('2026-11-01T01:30', 'America/Los_Angeles');
  assert.deepEqual([twice.kind, new Date(twice.at).toISOString()], ['twice', '2026-11-01T08:30:00.000Z']);
  const plain = momentOf('2026-12-04T09:00', 'Asia/Kolkata');
  assert.deepEqual([plain.kind, new Date(plain.at).toISOString()], ['once', '2026-12-04T03:30:00.000Z']);
});

test('days, weeks and months repeat until a day or so often; a month without the day is skipped', () => {
  const rule = { every: 1, until_on: null, times: null };
  assert.deepEqual(daysOf('2027-01-31', { ...rule, repeats: 'monthly', times: 4 }), [
    ...['2027-01-31', '2027-03-31', '2027-05-31', '2027-07-31'],
  ]);
  assert.deepEqual(daysOf('2026-12-30', { ...rule, repeats: 'daily', every: 2, until_on: '2027-01-03' }), [
    ...['2026-12-30', '2027-01-01', '2027-01-03'],
  ]);
  assert.equal(daysOf('2026-12-30', { ...rule, repeats: 'weekly', times: 400 })?.at(-1), '2034-08-23');
  assert.equal(daysOf('2026-12-30', { ...rule, repeats: 'daily', until_on: '2028-12-30' }), null);
});
