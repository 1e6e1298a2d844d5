import type { Knex } from 'knex';
import { DateTime, IANAZone } from 'luxon';
import { type EmailPreferences, rhythmOf, USUAL } from '../../activity/email_rhythm.js';
import { isNamed, isRequired, kindOf } from '../../activity/notification_kinds.js';
import type { DueEmail } from '../messages/event_email.js';
import { gather, type Gathered } from './summaries.js';
import type { MailContext } from './transport.js';

/** Until when emails wait, by their ids, and why others are not sent by themselves. */
interface Chosen {
  waiting: Map<string, Date>;
  left: Map<string, string>;
}

/** Does with emails as their readers chose: those for a summary are merged into it. */
export async function waitAsChosen(
  db: Knex.Transaction,
  { bundle_seconds, now: clock }: MailContext,
  organization_id: string,
  events: readonly DueEmail[],
): Promise<Chosen> {
  const now = clock?.() ?? new Date();
  const { waiting, left }: Chosen = { waiting: new Map(), left: new Map() };
  const gathered: Gathered[] = [];
  for (const event of events) {
    const { id } = event.email;
    const wait = waitOf(event, bundle_seconds, now);
    if (wait === 'portal') left.set(id, 'They want to read this in the portal only.');
    else if (wait && 'until' in wait) waiting.set(id, wait.until);
    else if (wait) {
      gathered.push({ event, at: wait.summary_at });
      left.set(id, 'It goes with their next summary.');
    }
  }
  await gather(db, organization_id, gathered);
  return { waiting, left };
}

/** What becomes of an event's email by its reader's choice: it waits, goes with a summary, or stays in the portal. */
type Wait = { until: Date } | { summary_at: Date } | 'portal';

/**
 * Whether an email waits, and for what; null: it may go now. What is required never waits. What is chosen now counts,
 * also for what has waited since.
 */
function waitOf(event: DueEmail, bundle_seconds: number, now: Date): Wait | null {
  const { reader, activity, subject, author, preferences } = event;
  const side = reader.partner_id ? 'partner' : 'staff';
  const named = isNamed(subject.type, activity.action, activity.details, reader.id);
  const told = { type: subject.type, action: activity.action, side: author.side, reader: side, named } as const;
  if (isRequired(told, author.person_id === reader.id && author.side === side)) return null;
  const chosen = preferences ?? USUAL;
  const rhythm = rhythmOf(chosen, kindOf(told));
  if (rhythm === 'portal') return 'portal';
  if (rhythm !== 'now') return { summary_at: nextSummary(chosen, rhythm, reader.time_zone, now) };
  const until = quietUntil(chosen, reader.time_zone, now) ?? bundledUntil(event, bundle_seconds, now);
  return until && { until };
}

/** When the next summary goes: at its hour, on a day on which there is one, and not in quiet hours. */
export function nextSummary(chosen: EmailPreferences, rhythm: 'daily' | 'weekly', time_zone: string, now: Date): Date {
  const hour = rhythm === 'daily' ? chosen.daily_hour : chosen.weekly_hour;
  const fits = ({ weekday }: DateTime) =>
    rhythm === 'daily' ? !chosen.workdays_only || weekday <= 5 : weekday === chosen.weekly_day;
  const today = zoned(time_zone, now).startOf('day');
  for (let days = 0; ; days++) {
    const at = today.plus({ days }).set({ hour });
    if (at.toJSDate() > now && fits(at)) return quietUntil(chosen, time_zone, at.toJSDate()) ?? at.toJSDate();
  }
}

/** The end of the quiet hours that this moment is in; null if it is in none. */
export function quietUntil(
  { quiet_from: from, quiet_to: to }: EmailPreferences,
  time_zone: string,
  at: Date,
): Date | null {
  if (from === null || to === null) return null;
  const there = zoned(time_zone, at);
  const { hour } = there;
  const quiet = from < to ? from <= hour && hour < to : from <= hour || hour < to;
  if (!quiet) return null;
  const end = there.startOf('day').set({ hour: to });
  return (end > there ? end : there.startOf('day').plus({ days: 1 }).set({ hour: to })).toJSDate();
}

/** The first message is emailed at once, further ones soon after it together. Who has answered is in a conversation. */
function bundledUntil({ activity, said_at }: DueEmail, seconds: number, now: Date): Date | null {
  if (!said_at || !seconds || activity.action !== 'comment') return null;
  const until = new Date(new Date(said_at).getTime() + seconds * 1000);
  return until > now ? until : null;
}

const zoned = (time_zone: string, at: Date) =>
  DateTime.fromJSDate(at, { zone: IANAZone.isValidZone(time_zone) ? time_zone : 'UTC' });
