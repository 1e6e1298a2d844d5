import type { Knex } from 'knex';
import { type DayOff, eachDayOff, LONGEST } from './days_off.js';
import { addDays } from '../../pages/days.js';

/** Each day from one on (ISO 8601) on which nobody of an organization works, besides weekends. */
export async function daysOffFrom(db: Knex.Transaction, organization_id: string, day: string): Promise<Set<string>> {
  const found: Pick<DayOff, 'starts_on' | 'ends_on'>[] = await db('days_off')
    .where({ organization_id })
    .where('starts_on', '>=', addDays(day, -LONGEST))
    .select('starts_on', 'ends_on');
  return eachDayOff(found);
}
