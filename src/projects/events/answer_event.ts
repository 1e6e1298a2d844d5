import type { Knex } from 'knex';
import { Conflict } from '../../errors.js';
import { oneTime } from '../../subjects/project/event_input.js';
import type { EventAct, EventChange } from './event_acts.js';
import { findTime } from './one_time.js';

const ANSWERS: Readonly<Record<string, string>> = { accept: 'accepted', decline: 'declined', tentative: 'tentative' };

/**
 * Keeps whether somebody comes: to an event or all of a series, or to one time of it (`on`: its day there). Its
 * organizer is told. @throws Conflict if the answer is to an invitation to another time
 */
export async function answerEvent(db: Knex.Transaction, { row, name, input, actor }: EventAct): Promise<EventChange> {
  const on = row.repeats ? (oneTime.on.parse(input['on']) ?? null) : null;
  const { moved } = on ? await findTime(db, row, on) : { moved: null };
  const { sequence = row.sequence } = input;
  if (Number(sequence) < (moved ?? row.asked_sequence))
    throw new Conflict('The time has changed since this invitation. Answer the newest one.');
  const key = { organization_id: row.organization_id, event_id: row.id, person_id: actor.person_id, original_on: on };
  const answer = { answer: ANSWERS[name], sequence: row.sequence, answered_at: db.raw('app_now()') };
  await db('event_answers')
    .insert({ ...key, ...answer })
    .onConflict(['organization_id', 'event_id', 'person_id', 'original_on'])
    .merge(answer);
  const person_id = row.organizer_id ?? undefined;
  return { details: { ...(on ? { on } : {}), person_id, sequence: undefined } };
}

/** People are reminded of one time of a series. */
export const remindOf = async (_db: Knex.Transaction, { row, input }: EventAct): Promise<EventChange> => ({
  details: row.repeats ? { on: input['on'] } : {},
});
