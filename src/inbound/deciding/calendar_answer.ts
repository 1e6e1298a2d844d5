import type { Knex } from 'knex';
import { IANAZone } from 'luxon';
import { act } from '../../act.js';
import { clockAt, momentOf } from '../../calendar/local_time.js';
import { asPerson, type PersonRow } from '../../db/scope.js';
import { HttpError } from '../../errors.js';
import { canonicalAddress } from '../../input/email_address.js';
import { eventIdIn } from '../../mail/invitations/invitation.js';
import type { CalendarTime } from '../reading/formats/calendar.js';
import type { ReadMail } from '../reading/message.js';
import type { Sender } from '../reading/sender/from_header.js';
import { because, type Decision, ignored } from './decision.js';
import { trimmedOf } from './mail_comment.js';
import type { Thread } from './thread.js';

/** By PARTSTAT (RFC 5545 §3.2.12): the action of an event that says so, and what is kept of it. */
const ACTIONS = {
  ACCEPTED: { action: 'accept', answer: 'accepted' },
  DECLINED: { action: 'decline', answer: 'declined' },
  TENTATIVE: { action: 'tentative', answer: 'tentative' },
} as const;

type PartStat = keyof typeof ACTIONS;
const isPartStat = (status: string): status is PartStat => Object.hasOwn(ACTIONS, status);

type Answering = ReadMail & { from: Sender };

/**
 * Records what somebody answered to an invitation of ours by their calendar program, once, with what they wrote to it.
 * Null if it is no such answer, or proves nothing, or comes too late: then it is posted as it was written.
 */
export async function recordAnswer(
  db: Knex.Transaction,
  author: PersonRow,
  { subject_id, organization_id }: Thread,
  mail: Answering,
  mail_domain: string,
): Promise<Decision | null> {
  const { event, authentication } = mail;
  const status = statusOf(mail, author);
  if (!event?.invitation || !status || !authentication.verified) return null;
  if (eventIdIn(event.invitation.uid, mail_domain) !== subject_id) return null;
  const { action, answer } = ACTIONS[status];
  const { sequence, one } = event.invitation;
  const on = one && (await dayIn(db, { organization_id, id: subject_id }, one));
  const key = { organization_id, event_id: subject_id, person_id: author.id, original_on: on };
  const kept = await db('event_answers').where(key).first();
  if (kept?.answer === answer && kept.sequence >= sequence && !writtenIn(mail))
    return ignored('twice', 'It gives an answer that is recorded already.');
  const written = writtenIn(mail);
  const message = written ? { message: written } : {};
  const { verified, evidence } = authentication;
  const origin = { trimmed: trimmedOf(mail), verified, evidence, notices: '' };
  try {
    const input = { sequence, ...message, ...(on ? { on } : {}) };
    const done = await act(db, asPerson(author, [subject_id]), subject_id, action, input, { mail: origin });
    const { comment_id } = done;
    const reason = because('Recorded as an answer to the invitation.');
    return { state: 'posted', code: 'posted', ...reason, ...(comment_id ? { comment_id } : {}) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return null;
  }
}

/** The day of a series that a time in its own clocks, in UTC or in another zone is. */
async function dayIn(
  db: Knex.Transaction,
  event: { organization_id: string; id: string },
  { at, zone }: CalendarTime,
): Promise<string> {
  const { time_zone } = (await db('events').where(event).first<{ time_zone: string } | undefined>('time_zone')) ?? {};
  const own = time_zone ?? 'UTC';
  // A name that isn't of the IANA stands for the zone in which the invitation named it.
  const from = at.endsWith('Z') ? 'UTC' : zone !== null && IANAZone.isValidZone(zone) ? zone : own;
  const clock = at.slice(0, 16);
  return (clock.length < 16 || from === own ? at : clockAt(momentOf(clock, from).at, own)).slice(0, 10);
}

/** Google’s calendar writes a text of its own, with the note that its sender may have typed. */
const BY_GOOGLE = /\bcalendar\.google\.com\b/;
const NOTE = /\bnote:\s*["“]?([^]+?)["”]?\s*(?:\n\s*\n|$)/i;

/** What its sender typed to go with the answer, in their mail or calendar; null if they only pressed a button. */
export function writtenIn({ pressed, reply, event }: Pick<ReadMail, 'pressed' | 'reply' | 'event'>): string | null {
  if (pressed) return event?.comment || null;
  const text = reply.text.trim();
  return BY_GOOGLE.test(`${text} ${reply.trimmed}`) ? (NOTE.exec(text)?.[1]?.trim() ?? null) : text || null;
}

/** What its sender answered for themselves; null for others, such as a delegate, and for what is no answer. */
function statusOf({ event, from }: Answering, { email }: PersonRow): PartStat | null {
  if (event?.method !== 'REPLY') return null;
  const own = new Set([email, from.address].map(canonicalAddress));
  const status = event.answers?.find(({ address }) => own.has(canonicalAddress(address)))?.status ?? '';
  return isPartStat(status) ? status : null;
}
