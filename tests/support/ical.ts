import assert from 'node:assert/strict';
import ICAL from 'ical.js';
import { readIcs } from './ics.js';

/** One time of an event, as another program counts it: moments in UTC, days of what takes all of them. */
interface ReadTime {
  uid: string;
  title: string;
  starts: string;
  ends: string;
}

const MOST = 500;

/** Every time of every event in a calendar, in their order, as an independent reader has them: with what was changed. */
export function timesIn(text: string): ReadTime[] {
  readIcs(text);
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zones = calendar.getAllSubcomponents('vtimezone').map((zone) => new ICAL.Timezone(zone));
  for (const zone of zones) ICAL.TimezoneService.register(zone, zone.tzid);
  // Without this it takes any exception in the calendar for one of each series.
  const exceptions: ICAL.Event[] = [];
  const all = calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event, { exceptions }));
  const alone = all.filter((event) => event.isRecurrenceException());
  const found = all
    .filter((event) => !event.isRecurrenceException())
    .flatMap((event) => {
      const own = alone.filter(({ uid }) => uid === event.uid);
      for (const other of own) event.relateException(other);
      return event.isRecurring() ? timesOf(event) : [timeOf(event, event.startDate, event.endDate)];
    });
  const roots = new Set(found.map(({ uid }) => uid));
  const single = alone.filter(({ uid }) => !roots.has(uid)).map((one) => timeOf(one, one.startDate, one.endDate));
  return [...found, ...single].toSorted((one, other) => one.starts.localeCompare(other.starts));
}

function timesOf(event: ICAL.Event): ReadTime[] {
  const times: ReadTime[] = [];
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) {
    assert.ok(times.length < MOST, 'a series ends');
    const { item, startDate, endDate } = event.getOccurrenceDetails(next);
    times.push(timeOf(item, startDate, endDate));
  }
  return times;
}

const timeOf = ({ uid, summary }: ICAL.Event, starts: ICAL.Time, ends: ICAL.Time): ReadTime => ({
  ...{ uid, title: summary, starts: momentText(starts), ends: momentText(ends) },
});

const momentText = (time: ICAL.Time) =>
  time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString().slice(0, 16);
