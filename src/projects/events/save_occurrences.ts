import type { Knex } from 'knex';
import { eventTimeOf, type EventTimeRow } from '../../calendar/event_columns.js';
import { momentOf } from '../../calendar/local_time.js';
import { daysOf } from '../../calendar/recurrence.js';
import { type Span, spanOn } from '../../calendar/series.js';
import { addDays, DAY_MS } from '../../pages/days.js';

/** People are reminded of whole days in the morning before. */
const MORNING = '09:00';

type Row = EventTimeRow & { organization_id: string; id: string };

const REMIND = `case when r.remind_at > app_now() then r.remind_at end`;

// What was changed by itself stays while its day is one of the series.
const CLEAR = `delete from event_occurrences o where o.organization_id = :organization_id and o.event_id = :id
  and (o.sequence is null or o.original_on <> all(:days::date[]))`;

const INSERT = `insert into event_occurrences (organization_id, event_id, project_id, original_on, starts_on, ends_on,
    begins_at, remind_at)
  select e.organization_id, e.id, e.project_id, r.starts_on, r.starts_on, r.ends_on, r.begins_at, ${REMIND}
  from unnest(:days::date[], :ends::date[], :begins::timestamptz[], :reminds::timestamptz[])
    as r (starts_on, ends_on, begins_at, remind_at)
  cross join lateral (select * from events where organization_id = :organization_id and id = :id limit 1) e
  on conflict (organization_id, event_id, original_on) do nothing`;

// To which there are no times any more.
const CLEAR_ANSWERS = `delete from event_answers w where w.organization_id = :organization_id and w.event_id = :id
  and w.original_on <> all(:days::date[])`;

/** Writes the days on which an event happens, in the place of those it had. As the system actor. */
export async function saveOccurrences(db: Knex.Transaction, row: Row): Promise<void> {
  const { organization_id, id } = row;
  const days = daysOf(row.starts_at.slice(0, 10), eventTimeOf(row).recurrence) ?? [];
  const spans = days.map((day) => spanOn(row, day));
  const moments = spans.map((span) => momentsOf(row, span));
  await db.raw(CLEAR, { organization_id, id, days });
  await db.raw(INSERT, {
    ...{ organization_id, id, days },
    ends: spans.map(({ ends_at }) => ends_at.slice(0, 10)),
    begins: moments.map(({ begins_at }) => begins_at),
    reminds: moments.map(({ remind_at }) => remind_at),
  });
  await db.raw(CLEAR_ANSWERS, { organization_id, id, days });
  await saveLastDay(db, row);
}

/** When one time begins, and when people are reminded of it. */
function momentsOf({ time_zone, whole_day }: Row, { starts_at }: Span) {
  const begins = momentOf(starts_at, time_zone).at;
  const morning = () => momentOf(`${addDays(starts_at.slice(0, 10), -1)}T${MORNING}`, time_zone).at;
  const text = (at: number) => new Date(at).toISOString();
  return { begins_at: text(begins), remind_at: text(whole_day ? morning() : begins - DAY_MS) };
}

const MOVE = `update event_occurrences o set starts_at = :starts_at, ends_at = :ends_at, canceled = false,
    sequence = :sequence, starts_on = :starts_at::timestamp::date, ends_on = :ends_at::timestamp::date,
    begins_at = r.begins_at, remind_at = ${REMIND}
  from (values (:begins_at::timestamptz, :remind_at::timestamptz)) r (begins_at, remind_at)
  where o.organization_id = :organization_id and o.event_id = :id and o.original_on = :on`;

/** Moves one time of a series; `on`: its day there. */
export async function saveMoved(
  db: Knex.Transaction,
  row: Row,
  { on, sequence, ...span }: Span & { on: string; sequence: number },
): Promise<void> {
  const { organization_id, id } = row;
  await db.raw(MOVE, { organization_id, id, on, sequence, ...span, ...momentsOf(row, span) });
  await saveLastDay(db, row);
}

const LAST_DAY = `update events e set last_on = coalesce((
    select max(o.ends_on) from event_occurrences o
    where o.organization_id = e.organization_id and o.event_id = e.id and not o.canceled), e.last_on)
  where e.organization_id = :organization_id and e.id = :id`;

/** Keeps the last day on which an event happens. */
export async function saveLastDay(
  db: Knex.Transaction,
  { organization_id, id }: Pick<Row, 'organization_id' | 'id'>,
): Promise<void> {
  await db.raw(LAST_DAY, { organization_id, id });
}
