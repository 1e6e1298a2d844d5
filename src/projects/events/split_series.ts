import type { Knex } from 'knex';
import { eventTimeOf } from '../../calendar/event_columns.js';
import { daysOf } from '../../calendar/recurrence.js';
import { ruleFrom, type Span } from '../../calendar/series.js';
import { addDays } from '../../pages/days.js';
import type { EventRow } from './event.js';
import type { EventChange } from './event_acts.js';
import { insertEvent } from './insert_event.js';
import { findTime, NO_PROPOSAL } from './one_time.js';
import { saveLastDay, saveOccurrences } from './save_occurrences.js';

/** The days of a series, ISO 8601. */
export const seriesDays = (row: EventRow): string[] =>
  daysOf(row.starts_at.slice(0, 10), eventTimeOf(row).recurrence) ?? [];

/** Ends a series before one of its days: what was answered to it stays. */
export function endBefore(db: Knex.Transaction, row: EventRow, on: string): EventChange {
  const columns = { ...NO_PROPOSAL, until_on: addDays(on, -1), times: null, sequence: row.sequence + 1 };
  return { columns, details: { from_on: on }, after: (saved) => saveOccurrences(db, saved) };
}

/** Times of a series that were changed by themselves stay so in the series that goes on, where it has their day. */
const TAKE_OVER = `update event_occurrences n
  set starts_at = o.starts_at, ends_at = o.ends_at, canceled = o.canceled, sequence = 0, starts_on = o.starts_on,
    ends_on = o.ends_on, begins_at = o.begins_at, remind_at = o.remind_at
  from event_occurrences o
  where n.organization_id = :organization_id and n.event_id = :next
    and o.organization_id = n.organization_id and o.event_id = :id and o.original_on = n.original_on
    and o.sequence is not null and o.original_on > :on`;

/**
 * Ends a series before one of its days, and goes on with another at another time: as often as was left of it, with the
 * same people. @throws Conflict
 */
export async function goOnAt(db: Knex.Transaction, row: EventRow, on: string, span: Span): Promise<EventChange> {
  const { organization_id, id, project_id, time_zone, whole_day, title, place, note, shown } = row;
  const { starts_at, ends_at } = await findTime(db, row, on);
  const left = seriesDays(row).filter((day) => day >= on).length;
  const rule = ruleFrom(span.starts_at.slice(0, 10), left, eventTimeOf(row).recurrence);
  const columns = {
    ...{ title, place, note, shown, time_zone, whole_day, organizer_id: row.organizer_id, vendor_id: row.vendor_id },
    ...(rule ?? { repeats: null, every: 1, until_on: null, times: null }),
    ...span,
  };
  const people: string[] = await db('participants').where({ organization_id, subject_id: id }).pluck('person_id');
  const next = await insertEvent(db, { organization_id, project_id }, columns, people);
  await db.raw(TAKE_OVER, { organization_id, id, next, on });
  await saveLastDay(db, { organization_id, id: next });
  const ended = endBefore(db, row, on);
  const before = { starts_at, ends_at, time_zone, whole_day };
  return {
    ...ended,
    details: { ...ended.details, before, now: span },
    followUps: [{ id: next, action: 'plan', as: 'same' }],
  };
}
