import { addDays } from '../pages/days.js';
import { contentLine, plainTime, quotedParameter, textValue, utcTime } from './content_lines.js';
import { daysOf, type Recurrence } from './recurrence.js';
import { timeZoneLines } from './time_zone_lines.js';

/** When something happens. Clocks in its zone: '2026-12-04T09:00'; of whole days midnight of the first and the last. */
interface EventTime {
  starts_at: string;
  ends_at: string;
  time_zone: string;
  whole_day: boolean;
  recurrence: Recurrence | null;
  /** Of a series: the times, as it says when they are, that don't take place. */
  excluded?: readonly string[];
  /** Of one time of a series: when its series says that it is. */
  instead_of?: string;
}

type PartStat = 'NEEDS-ACTION' | 'ACCEPTED' | 'DECLINED' | 'TENTATIVE';

interface Party {
  name: string;
  address: string;
}

/** An event as a calendar has it. */
export interface CalendarEntry extends EventTime {
  /** The same for ever, whatever changes. */
  uid: string;
  sequence: number;
  /** When it was last changed. */
  changed_at: Date;
  title: string;
  note: string;
  place: string;
  url: string | null;
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';
  /** Of an invitation. */
  organizer?: Party;
  attendee?: Party & { answer: PartStat };
}

/** `REQUEST` invites, `CANCEL` takes it back (RFC 5546), `PUBLISH` shows. */
export type Method = 'REQUEST' | 'CANCEL' | 'PUBLISH';

/** A calendar as text (RFC 5545). `name`: what a program calls it that subscribes to it. */
export function calendarText(method: Method, entries: readonly CalendarEntry[], name: string | null = null): string {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Parley//Calendar//EN', 'CALSCALE:GREGORIAN', `METHOD:${method}`],
    ...(name === null ? [] : [`X-WR-CALNAME:${textValue(name)}`, 'REFRESH-INTERVAL;VALUE=DURATION:PT1H']),
    ...zonesOf(entries),
    ...entries.flatMap(entryLines),
    'END:VCALENDAR',
  ];
  return lines.map(contentLine).join('');
}

/** Each zone once, for all the years that its entries touch. */
function zonesOf(entries: readonly CalendarEntry[]): string[] {
  const years = new Map<string, number[]>();
  for (const { starts_at, ends_at, time_zone, whole_day, recurrence, instead_of = starts_at } of entries) {
    if (whole_day || isUtc(time_zone)) continue;
    const last = daysOf(starts_at.slice(0, 10), recurrence)?.at(-1) ?? ends_at;
    const touched = [starts_at, ends_at, last, instead_of].map((day) => Number(day.slice(0, 4)));
    years.set(time_zone, [...(years.get(time_zone) ?? []), ...touched]);
  }
  return [...years].flatMap(([zone, touched]) => timeZoneLines(zone, Math.min(...touched), Math.max(...touched)));
}

const isUtc = (zone: string) => zone === 'UTC' || zone === 'Etc/UTC';

function entryLines(entry: CalendarEntry): string[] {
  const { organizer, attendee } = entry;
  return [
    ...['BEGIN:VEVENT', `UID:${entry.uid}`, `SEQUENCE:${entry.sequence}`, `DTSTAMP:${utcTime(entry.changed_at)}`],
    ...timeLines(entry),
    `SUMMARY:${textValue(entry.title)}`,
    ...(entry.place ? [`LOCATION:${textValue(entry.place)}`] : []),
    ...(entry.note ? [`DESCRIPTION:${textValue(entry.note)}`] : []),
    ...(entry.url ? [`URL:${entry.url}`] : []),
    `STATUS:${entry.status}`,
    ...(organizer ? [`ORGANIZER;CN=${quotedParameter(organizer.name)}:mailto:${organizer.address}`] : []),
    ...(attendee ? [attendeeLine(attendee)] : []),
    'END:VEVENT',
  ];
}

const attendeeLine = ({ name, address, answer }: NonNullable<CalendarEntry['attendee']>) =>
  `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${answer};RSVP=TRUE;CN=${quotedParameter(name)}` +
  `:mailto:${address}`;

function timeLines({ starts_at, ends_at, recurrence, excluded = [], instead_of, ...clocks }: EventTime): string[] {
  const [first, last] = [starts_at.slice(0, 10), ends_at.slice(0, 10)];
  const time = (name: string, clock: string) => timeLine(name, clock, clocks);
  return [
    ...(instead_of ? [time('RECURRENCE-ID', instead_of)] : []),
    time('DTSTART', starts_at),
    // The end of whole days is the day after.
    time('DTEND', clocks.whole_day ? addDays(last, 1) : ends_at),
    ...(recurrence ? [ruleLine(first, recurrence)] : []),
    ...excluded.map((clock) => time('EXDATE', clock)),
  ];
}

function timeLine(name: string, clock: string, { time_zone, whole_day }: Pick<EventTime, 'time_zone' | 'whole_day'>) {
  if (whole_day) return `${name};VALUE=DATE:${plainTime(clock.slice(0, 10))}`;
  return isUtc(time_zone) ? `${name}:${plainTime(clock)}Z` : `${name};TZID=${time_zone}:${plainTime(clock)}`;
}

/** By how often, also where it is until a day: then no program can count another last time. */
const ruleLine = (first: string, recurrence: Recurrence) =>
  `RRULE:FREQ=${recurrence.repeats.toUpperCase()};INTERVAL=${recurrence.every}` +
  `;COUNT=${daysOf(first, recurrence)?.length ?? 1}`;
