import type { Knex } from 'knex';
import { DateTime, IANAZone } from 'luxon';
import { act } from '../../../act.js';
import { asPerson, type PersonRow } from '../../../db/scope.js';
import { HttpError } from '../../../errors.js';
import { canonicalAddress } from '../../../input/email_address.js';
import { eventIdIn } from '../../../mail/invitations/invitation.js';
import type { CalendarEvent } from '../../reading/formats/calendar.js';
import type { ReadMail } from '../../reading/message.js';
import type { Sender } from '../../reading/sender/from_header.js';
import { writtenIn } from '../calendar_answer.js';
import { because, type Decision } from '../decision.js';
import { trimmedOf } from '../mail_comment.js';
import type { Thread } from '../thread.js';

/**
 * Records the other time that somebody proposes by their calendar program. Null if it is none, proves nothing, or can't
 * be proposed: then it is posted as it was written.
 */
export async function recordCounter(
  db: Knex.Transaction,
  author: PersonRow,
  { subject_id, organization_id }: Thread,
  mail: ReadMail & { from: Sender },
  mail_domain: string,
): Promise<Decision | null> {
  const { event, authentication, from } = mail;
  const own = new Set([author.email, from.address].map(canonicalAddress));
  const { counter } = event ?? {};
  if (!event || !counter || counter.one || !authentication.verified) return null;
  if (eventIdIn(counter.uid, mail_domain) !== subject_id) return null;
  if (!counter.addresses.some((address) => own.has(canonicalAddress(address)))) return null;
  const where = { organization_id, id: subject_id };
  const row = await db('events').where(where).first<{ time_zone: string; whole_day: boolean } | undefined>();
  const times = row && timesOf(event, row.time_zone, row.whole_day);
  if (!times) return null;
  const { verified, evidence } = authentication;
  const origin = { trimmed: trimmedOf(mail), verified, evidence, notices: '' };
  const written = writtenIn(mail);
  try {
    const input = { ...times, ...(written ? { message: written } : {}) };
    const done = await act(db, asPerson(author, [subject_id]), subject_id, 'propose', input, { mail: origin });
    const reason = because('Recorded as a proposal of another time.');
    return { state: 'posted', code: 'posted', ...reason, ...(done.comment_id ? { comment_id: done.comment_id } : {}) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return null;
  }
}

/** The times that it asks for, on clocks of the event's zone; null if they can't be told for certain. */
function timesOf({ start, end }: CalendarEvent, time_zone: string, whole_day: boolean) {
  const from = start && momentIn(start, time_zone);
  const until = end ? momentIn(end, time_zone) : from;
  if (!start || !from?.isValid || !until?.isValid || start.at.includes('T') === whole_day) return null;
  // A calendar's last day is the one after it.
  const last = whole_day && until > from ? until.minus({ days: 1 }) : until;
  const days = { starts_on: from.toISODate(), ends_on: last.toISODate() };
  return whole_day ? days : { ...days, starts_time: from.toFormat('HH:mm'), ends_time: last.toFormat('HH:mm') };
}

/** Programs name zones in ways of their own: what isn't known is not guessed. */
function momentIn({ at, zone }: NonNullable<CalendarEvent['start']>, time_zone: string): DateTime | null {
  if (!at.includes('T') || at.endsWith('Z')) return DateTime.fromISO(at, { zone: time_zone });
  if (!zone || !IANAZone.isValidZone(zone)) return null;
  return DateTime.fromISO(at, { zone }).setZone(time_zone);
}
