import type { Knex } from 'knex';
import { moveInput } from '../../subjects/project/event_input.js';
import type { EventAct, EventChange } from './event_acts.js';
import { answeredProposal, findTime, NO_PROPOSAL } from './one_time.js';
import { saveLastDay } from './save_occurrences.js';
import { endBefore } from './split_series.js';

const part = moveInput.pick({ on: true, which: true });

/**
 * An event doesn't take place; of a series one time (`on`: its day there), it and all after, or all. Without the last
 * that is left, nothing of it does. @throws Conflict if the series doesn't have that time any more
 */
export async function cancelEvent(db: Knex.Transaction, { row, input }: EventAct): Promise<EventChange> {
  const { on, which = on ? 'one' : 'all' } = part.parse(input);
  const key = { organization_id: row.organization_id, event_id: row.id };
  if (on && row.repeats && which !== 'all') {
    await findTime(db, row, on);
    const others = db('event_occurrences').where({ ...key, canceled: false });
    const left = await (
      which === 'one' ? others.whereNot('original_on', on) : others.where('original_on', '<', on)
    ).first('original_on');
    if (left) return which === 'one' ? cancelOne(db, row, on) : { ...endBefore(db, row, on), branch: 'some' };
  }
  // Nobody is reminded of it any more.
  await db('event_occurrences').where(key).update({ remind_at: null });
  return { columns: { ...NO_PROPOSAL, sequence: row.sequence + 1 } };
}

async function cancelOne(db: Knex.Transaction, row: EventAct['row'], on: string): Promise<EventChange> {
  const key = { organization_id: row.organization_id, event_id: row.id, original_on: on };
  const sequence = row.sequence + 1;
  const columns = { sequence, ...answeredProposal(row, on) };
  const gone = { canceled: true, sequence, starts_at: null, ends_at: null, remind_at: null };
  await db('event_occurrences').where(key).update(gone);
  await db('event_answers').where(key).delete();
  return { branch: 'some', columns, details: { on }, after: () => saveLastDay(db, row) };
}
