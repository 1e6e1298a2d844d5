import type { Knex } from 'knex';
import { eventTimeOf } from '../../calendar/event_columns.js';
import { lastDayOf } from '../../calendar/recurrence.js';
import { Conflict, Invalid } from '../../errors.js';
import { eventInput, eventTimesInput } from '../../subjects/project/event_input.js';
import type { EventRow } from './event.js';
import type { EventAct, EventChange } from './event_acts.js';
import { validRule, validTimes } from './event_times.js';
import { saveOccurrences } from './save_occurrences.js';

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

/** Moves an event to another time, in its zone. @throws Invalid by field */
export async function moveEvent(db: Knex.Transaction, { row, input }: EventAct): Promise<EventChange> {
  const given = eventTimesInput.parse(input);
  const times = validTimes(given, row);
  if (times.starts_at === row.starts_at && times.ends_at === row.ends_at)
    throw new Invalid({ starts_on: 'It is at this time already.' });
  if (row.until_on && row.until_on < given.starts_on)
    throw new Invalid({ starts_on: 'It would start after the last day on which it repeats.' });
  return timed(db, row, times);
}

/** The event takes place at the time that was proposed. */
export const takeTime = (db: Knex.Transaction, { row }: EventAct): Promise<EventChange> =>
  timed(db, row, {
    starts_at: row.proposed_starts_at ?? row.starts_at,
    ends_at: row.proposed_ends_at ?? row.ends_at,
  });

/** Another invitation, if what it says has changed; and another question, if it is at another time. */
async function timed(db: Knex.Transaction, row: EventRow, changed: Partial<EventRow>): Promise<EventChange> {
  const after = { ...row, ...changed };
  const moved = TIME.some((name) => after[name] !== row[name]);
  const said = moved || after.title !== row.title || after.place !== row.place || after.note !== row.note;
  const sequence = row.sequence + (said ? 1 : 0);
  if (!moved) return { columns: { ...changed, sequence } };
  const { organization_id, id: event_id } = row;
  await db('event_answers').where({ organization_id, event_id }).delete();
  const last_on = lastDayOf(after.starts_at, after.ends_at, eventTimeOf(after).recurrence);
  const columns = { ...changed, ...NO_PROPOSAL, last_on, sequence, asked_sequence: sequence };
  const before = { starts_at: row.starts_at, ends_at: row.ends_at, time_zone: row.time_zone, whole_day: row.whole_day };
  return { columns, details: { before }, after: (saved) => saveOccurrences(db, saved) };
}

const NO_PROPOSAL = { proposed_starts_at: null, proposed_ends_at: null, proposed_by: null };

/** Somebody who is invited would rather have another time. @throws Invalid by field */
export async function proposeTime(_db: Knex.Transaction, { row, input, actor }: EventAct): Promise<EventChange> {
  const { starts_at, ends_at } = validTimes(eventTimesInput.parse(input), row);
  const columns = { proposed_starts_at: starts_at, proposed_ends_at: ends_at, proposed_by: actor.person_id };
  return { columns, details: { proposed: { starts_at, ends_at } } };
}

/** It stays as it was. */
export const keepTime = async (): Promise<EventChange> => ({ columns: NO_PROPOSAL });

/** It doesn't take place: nobody is reminded of it any more. */
export async function cancelEvent(db: Knex.Transaction, { row }: EventAct): Promise<EventChange> {
  const { organization_id, id: event_id } = row;
  await db('event_occurrences').where({ organization_id, event_id }).update({ remind_at: null });
  return { columns: { ...NO_PROPOSAL, sequence: row.sequence + 1 } };
}

const ANSWERS: Readonly<Record<string, string>> = { accept: 'accepted', decline: 'declined', tentative: 'tentative' };

/**
 * Keeps whether somebody comes; to a series, as a whole. Its organizer is told.
 * @throws Conflict if the answer is to an invitation to another time
 */
export async function answerEvent(db: Knex.Transaction, { row, name, input, actor }: EventAct): Promise<EventChange> {
  const { sequence = row.sequence } = input;
  if (Number(sequence) < row.asked_sequence)
    throw new Conflict('The time has changed since this invitation. Answer the newest one.');
  const key = { organization_id: row.organization_id, event_id: row.id, person_id: actor.person_id };
  const answer = { answer: ANSWERS[name], sequence: row.sequence, answered_at: db.raw('app_now()') };
  await db('event_answers')
    .insert({ ...key, ...answer })
    .onConflict(['organization_id', 'event_id', 'person_id'])
    .merge(answer);
  return { details: { person_id: row.organizer_id ?? undefined, sequence: undefined } };
}
