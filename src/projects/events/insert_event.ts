import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { nextNumber } from '../../db/writing/numbers.js';
import { addParticipants } from '../../subjects/participants.js';
import type { EventRow } from './event.js';
import { saveOccurrences } from './save_occurrences.js';

interface Place {
  organization_id: string;
  project_id: string;
}

type Said = 'title' | 'place' | 'note' | 'shown' | 'organizer_id' | 'vendor_id';
type When = 'starts_at' | 'ends_at' | 'time_zone' | 'whole_day' | 'repeats' | 'every' | 'until_on' | 'times';

/** Inserts an event that is not planned yet, with who takes part. Returns its id. As the system actor. */
export async function insertEvent(
  db: Knex.Transaction,
  { organization_id, project_id }: Place,
  columns: Pick<EventRow, Said | When>,
  people: readonly (string | null)[],
): Promise<string> {
  const id = newId();
  const number = await nextNumber(db, organization_id, 'EVENT');
  const last_on = columns.ends_at.slice(0, 10);
  await db('events').insert({ ...{ organization_id, id, project_id, number, last_on }, ...columns });
  await saveOccurrences(db, { ...columns, organization_id, id });
  const taking_part = [...new Set(people.filter((person) => person !== null))];
  await addParticipants(db, { organization_id, id }, taking_part);
  return id;
}
