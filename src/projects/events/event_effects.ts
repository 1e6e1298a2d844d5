import type { Knex } from 'knex';
import { eventTimeOf } from '../../calendar/event_columns.js';
import { daysBetween, ruleFrom, type Span } from '../../calendar/series.js';
import { finds } from '../../db/planner.js';
import { Invalid } from '../../errors.js';
import { addDays } from '../../pages/days.js';
import { eventInput, type GivenEventTimes, moveInput, proposalInput } from '../../subjects/project/event_input.js';
import type { EventRow } from './event.js';
import type { EventAct, EventChange } from './event_acts.js';
import { validRule, validTimes } from './event_times.js';
import { findTime, moveOne, NO_PROPOSAL } from './one_time.js';
import { saveOccurrences } from './save_occurrences.js';
import { goOnAt, seriesDays } from './split_series.js';

/** What an invitation says of when it is. */
const TIME = ['starts_at', 'ends_at', 'time_zone', 'whole_day', 'repeats', 'every', 'until_on', 'times'] as const;

/** Changes what an event says. Who was asked for another time answers anew. @throws Invalid by field */
export async function changeEvent(db: Knex.Transaction, { row, input }: EventAct): Promise<EventChange> {
  const given = eventInput.parse(input);
  const { title, place = '', note = '', whole_day = false, time_zone, shown = row.shown } = given;
  const times = validTimes(given, { time_zone, whole_day });
  const rule = validRule(given, given.starts_on);
  const columns = { title, place, note, shown, whole_day, time_zone, ...times, ...rule };
  return timed(db, row, columns);
}

/**
 * Moves an event to another time, in its zone; of a series one time (`on`: its day there), it and all after, or all.
 * @throws Invalid by field, Conflict if the series doesn't have that time any more
 */
export async function moveEvent(db: Knex.Transaction, { row, input }: EventAct): Promise<EventChange> {
  const { on, which = on ? 'one' : 'all', ...given } = moveInput.parse(input);
  const span = validTimes(given, row);
  if (!on || !row.repeats) return moveAll(db, row, span);
  if (which === 'one') return moveOne(db, row, on, span);
  await findTime(db, row, on);
  if (which === 'after' && on > row.starts_at.slice(0, 10)) return goOnAt(db, row, on, span);
  return moveAll(db, row, validTimes(shifted(given, daysBetween(on, row.starts_at)), row));
}

/** What was said of one time, of another so many days later. */
const shifted = ({ ends_on, ...given }: GivenEventTimes, days: number): GivenEventTimes => ({
  ...given,
  starts_on: addDays(given.starts_on, days),
  ...(ends_on ? { ends_on: addDays(ends_on, days) } : {}),
});

/** A series happens as often as before. */
async function moveAll(db: Knex.Transaction, row: EventRow, span: Span): Promise<EventChange> {
  if (span.starts_at === row.starts_at && span.ends_at === row.ends_at)
    throw new Invalid({ starts_on: 'It is at this time already.' });
  const first = span.starts_at.slice(0, 10);
  const rule = ruleFrom(first, seriesDays(row).length, eventTimeOf(row).recurrence);
  // Of a series only one is left.
  const ends = row.repeats ? { until_on: first, times: null } : {};
  return timed(db, row, { ...span, ...(rule ?? ends) });
}

/** The event takes place at the time that was proposed. @throws Conflict */
export function takeTime(db: Knex.Transaction, { row }: EventAct): Promise<EventChange> {
  const { proposed_on, proposed_starts_at, proposed_ends_at } = row;
  const span = { starts_at: proposed_starts_at ?? row.starts_at, ends_at: proposed_ends_at ?? row.ends_at };
  return proposed_on ? moveOne(db, row, proposed_on, span) : moveAll(db, row, span);
}

// What was moved by itself is where it was: who said whether they come to that has said so.
const ASK_ANEW = `delete from event_answers w where w.organization_id = :organization_id and w.event_id = :id
  and not ${finds(`event_occurrences o where o.organization_id = w.organization_id and o.event_id = w.event_id
    and o.original_on = w.original_on and o.starts_at is not null`)}`;

/** Another invitation, if what it says has changed; and another question, if it is at another time. */
async function timed(db: Knex.Transaction, row: EventRow, changed: Partial<EventRow>): Promise<EventChange> {
  const after = { ...row, ...changed };
  const moved = TIME.some((name) => after[name] !== row[name]);
  const said = moved || after.title !== row.title || after.place !== row.place || after.note !== row.note;
  const sequence = row.sequence + (said ? 1 : 0);
  if (!moved) return { columns: { ...changed, sequence } };
  const { organization_id, id } = row;
  const own = db('event_occurrences').where({ organization_id, event_id: id }).whereNotNull('sequence');
  if (!after.repeats) await own.delete();
  else if (after.time_zone !== row.time_zone || after.whole_day !== row.whole_day)
    await own.whereNotNull('starts_at').delete();
  await db.raw(ASK_ANEW, { organization_id, id });
  const columns = { ...changed, ...NO_PROPOSAL, sequence, asked_sequence: sequence };
  const before = { starts_at: row.starts_at, ends_at: row.ends_at, time_zone: row.time_zone, whole_day: row.whole_day };
  return { columns, details: { before }, after: (saved) => saveOccurrences(db, saved) };
}

/** Somebody who is invited would rather have another time. @throws Invalid by field, Conflict */
export async function proposeTime(db: Knex.Transaction, { row, input, actor }: EventAct): Promise<EventChange> {
  const { on, ...given } = proposalInput.parse(input);
  const span = validTimes(given, row);
  const one = on && row.repeats ? on : null;
  if (one) await findTime(db, row, one);
  const columns = { proposed_starts_at: span.starts_at, proposed_ends_at: span.ends_at, proposed_by: actor.person_id };
  return {
    columns: { ...columns, proposed_on: one },
    details: { ...(one ? { on: one } : {}), proposed: span },
  };
}

/** It stays as it was. */
export const keepTime = async (_db: Knex.Transaction, { row }: EventAct): Promise<EventChange> => ({
  columns: NO_PROPOSAL,
  details: row.proposed_on ? { on: row.proposed_on } : {},
});
