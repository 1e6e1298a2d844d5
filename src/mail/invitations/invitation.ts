import type { SendMailOptions } from 'nodemailer';
import { calendarText, type CalendarEntry, type Method } from '../../calendar/calendar_text.js';
import { eventTimeOf } from '../../calendar/event_columns.js';
import { event as lifecycle } from '../../subjects/project/event_lifecycle.js';
import { replyAddress } from '../address.js';
import type { EventEmail } from '../messages/event_email.js';

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
export function methodOf({ activity, merged, subject, meeting }: EventEmail): Exclude<Method, 'PUBLISH'> | null {
  if (!meeting || ![activity, ...merged.last].some(({ action }) => TOLD.has(action))) return null;
  if (subject.state === 'canceled' || !meeting.invited) return 'CANCEL';
  return subject.state === 'planned' ? 'REQUEST' : null;
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
  const entry: CalendarEntry = {
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
    attendee: {
      ...{ name: reader.name, address: email.to_address },
      answer: meeting.answer ? PARTSTAT[meeting.answer] : 'NEEDS-ACTION',
    },
  };
  return { method, content: calendarText(method, [entry]), filename: `${lifecycle.name}.ics` };
}
