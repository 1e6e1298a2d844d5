import type { Knex } from 'knex';
import { eventTimeOf, type EventTimeRow } from '../../calendar/event_columns.js';
import { momentOf } from '../../calendar/local_time.js';
import { daysOf } from '../../calendar/recurrence.js';
import { addDays, DAY_MS } from '../../pages/days.js';

/** People are reminded of whole days in the morning before. */
const MORNING = '09:00';

const INSERT = `insert into event_occurrences (organization_id, event_id, project_id, starts_on, ends_on, begins_at, remind_at)
  select e.organization_id, e.id, e.project_id, r.starts_on, r.ends_on, r.begins_at,
    case when r.remind_at > app_now() then r.remind_at end
  from unnest(?::date[], ?::date[], ?::timestamptz[], ?::timestamptz[]) as r (starts_on, ends_on, begins_at, remind_at)
  cross join lateral (select * from events where organization_id = ? and id = ? limit 1) e`;

/** Writes the days on which an event happens, in the place of those it had. As the system actor. */
export async function saveOccurrences(
  db: Knex.Transaction,
  row: EventTimeRow & { organization_id: string; id: string },
): Promise<void> {
  const { organization_id, id: event_id, starts_at, ends_at, time_zone, whole_day } = row;
  const [first, last] = [starts_at.slice(0, 10), ends_at.slice(0, 10)];
  const days = daysOf(first, eventTimeOf(row).recurrence) ?? [];
  const length = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);
  const begins = days.map((day) => momentOf(`${day}${starts_at.slice(10)}`, time_zone).at);
  const reminds = days.map((day, n) =>
    whole_day ? momentOf(`${addDays(day, -1)}T${MORNING}`, time_zone).at : (begins[n] ?? 0) - DAY_MS,
  );
  const moments = (all: number[]) => all.map((at) => new Date(at).toISOString());
  const ends = days.map((day) => addDays(day, length));
  await db('event_occurrences').where({ organization_id, event_id }).delete();
  await db.raw(INSERT, [days, ends, moments(begins), moments(reminds), organization_id, event_id]);
}
