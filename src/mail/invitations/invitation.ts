import type { SendMailOptions } from 'nodemailer';
import { calendarText, type CalendarEntry, type Method } from '../../calendar/calendar_text.js';
import { eventTimeOf } from '../../calendar/event_columns.js';
import { answerOn } from '../../calendar/series.js';
import { entryOn, seriesEntries } from '../../calendar/series_entries.js';
import { event as lifecycle } from '../../subjects/project/event_lifecycle.js';
import { replyAddress } from '../address.js';
import type { EventEmail } from '../messages/event_email.js';
import type { Meeting } from './meeting.js';

/** The actions after which calendars need to know. */
const TOLD: ReadonlySet<string> = new Set([
  ...['plan', 'move', 'take_time', 'change_event', 'invite', 'uninvite', 'cancel_event'],
]);

const PARTSTAT = { accepted: 'ACCEPTED', declined: 'DECLINED', tentative: 'TENTATIVE' } as const;

/** What an event is called in calendars, for ever. */
export const uidOf = (event_id: string, mail_domain: string): string => `${event_id}@${mail_domain}`;

/** The event's id in a UID of ours; null for anybody else's. */
export function eventIdIn(uid: string, mail_domain: string): string | null {
  const [id = '', domain = ''] = uid.trim().toLowerCase().split('@');
  return domain === mail_domain.toLowerCase() ? id : null;
}

/** Whether an email has to tell its reader's calendar something, and what. */
export function methodOf(event: EventEmail): Exclude<Method, 'PUBLISH'> | null {
  const { subject, meeting } = event;
  if (!meeting || !toldOf(event).length) return null;
  if (subject.state === 'canceled' || !meeting.invited) return 'CANCEL';
  const on = onlyTime(event);
  if (on && meeting.changed.find((one) => one.on === on)?.canceled) return 'CANCEL';
  return subject.state === 'planned' ? 'REQUEST' : null;
}

const toldOf = ({ activity, merged }: EventEmail) =>
  [activity, ...merged.last].filter(({ action }) => TOLD.has(action));

/** The one time of a series that an email is about, by its day there; null: all of it. */
export function onlyTime(event: EventEmail): string | null {
  const { activity, merged, meeting, subject } = event;
  if (!meeting?.repeats || !meeting.invited || subject.state === 'canceled') return null;
  // Of what was merged into it, only the last few are known.
  const all = merged.count > merged.last.length ? [] : toldOf(event);
  const [on, ...others] = new Set((all.length ? all : [activity]).map(({ details }) => details['on']));
  return typeof on === 'string' && !others.length ? on : null;
}

/**
 * The invitation in an email (RFC 6047): from the address that answers come to, to its reader alone. `reply`: the key
 * of that address; `url`: the event's page.
 */
export function invitationIn(
  event: EventEmail,
  { reply, url, mail_domain }: { reply: string; url: string; mail_domain: string },
): SendMailOptions['icalEvent'] {
  const method = methodOf(event);
  const { meeting, reader, organization, subject, email } = event;
  if (!method || !meeting) return undefined;
  const series: CalendarEntry = {
    ...eventTimeOf(meeting),
    uid: uidOf(subject.id, mail_domain),
    sequence: meeting.sequence,
    changed_at: new Date(meeting.changed_at),
    title: subject.title,
    // Who is no longer invited learns nothing new.
    ...(meeting.invited ? { note: meeting.note, place: meeting.place } : { note: '', place: '' }),
    url,
    status: method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED',
    organizer: { name: organization.name, address: replyAddress(reply, mail_domain) },
    attendee: { name: reader.name, address: email.to_address, answer: 'NEEDS-ACTION' },
  };
  const entries = entriesOf(series, meeting, method, onlyTime(event)).map((entry) => answered(entry, meeting));
  return { method, content: calendarText(method, entries), filename: `${lifecycle.name}.ics` };
}

function entriesOf(series: CalendarEntry, { changed }: Meeting, method: Method, on: string | null): CalendarEntry[] {
  if (on) return [entryOn(series, changed, on)];
  return method === 'CANCEL' ? [series] : seriesEntries(series, changed);
}

/** With what its reader answered: to the time of a series that it is about, if it is. */
function answered(entry: CalendarEntry, { answers, changed }: Meeting): CalendarEntry {
  const answer = answerOn(answers, changed, entry.instead_of?.slice(0, 10) ?? null);
  const { attendee } = entry;
  return answer && attendee ? { ...entry, attendee: { ...attendee, answer: PARTSTAT[answer] } } : entry;
}
