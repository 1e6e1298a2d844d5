import type { Knex } from 'knex';
import { clockColumn } from '../../calendar/event_columns.js';
import { type Span, spanOn } from '../../calendar/series.js';
import { Conflict, Invalid } from '../../errors.js';
import type { EventRow } from './event.js';
import type { EventChange } from './event_acts.js';
import { saveMoved } from './save_occurrences.js';

interface OneTime extends Span {
  /** It was moved by itself, in the invitation of this sequence. */
  moved: number | null;
}

/** One time of a series, by its day there. @throws Conflict if the series has none on this day, or not any more */
export async function findTime(db: Knex.Transaction, row: EventRow, on: string): Promise<OneTime> {
  const found: { starts_at: string | null; ends_at: string | null; sequence: number } | undefined = await db(
    'event_occurrences as o',
  )
    .where({ 'o.organization_id': row.organization_id, 'o.event_id': row.id, 'o.original_on': on, 'o.canceled': false })
    .first('o.sequence', db.raw(`${clockColumn('o.starts_at')} as starts_at, ${clockColumn('o.ends_at')} as ends_at`));
  if (!found || !row.repeats) throw new Conflict('This time isn’t in the series any more. Look at those that are.');
  const { starts_at, ends_at, sequence } = found;
  return starts_at && ends_at ? { starts_at, ends_at, moved: sequence } : { ...spanOn(row, on), moved: null };
}

/** Moves one time of a series: who is invited answers to it anew. @throws Conflict, Invalid */
export async function moveOne(db: Knex.Transaction, row: EventRow, on: string, span: Span): Promise<EventChange> {
  const { organization_id, id: event_id, time_zone, whole_day } = row;
  const { starts_at, ends_at } = await findTime(db, row, on);
  if (starts_at === span.starts_at && ends_at === span.ends_at)
    throw new Invalid({ starts_on: 'It is at this time already.' });
  const sequence = row.sequence + 1;
  await saveMoved(db, row, { ...span, on, sequence });
  await db('event_answers').where({ organization_id, event_id, original_on: on }).delete();
  const before = { starts_at, ends_at, time_zone, whole_day };
  return { columns: { sequence, ...answeredProposal(row, on) }, details: { on, before, now: span } };
}

export const NO_PROPOSAL = { proposed_starts_at: null, proposed_ends_at: null, proposed_by: null, proposed_on: null };

/** What was proposed for this time is no longer asked. */
export const answeredProposal = ({ proposed_on }: EventRow, on: string) => (proposed_on === on ? NO_PROPOSAL : {});
