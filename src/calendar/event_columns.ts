/** When an event is, as its row is read by `eventTimeColumns`. Clocks as '2026-12-04T09:00', days ISO 8601. */
export interface EventTimeRow {
  starts_at: string;
  ends_at: string;
  time_zone: string;
  whole_day: boolean;
  /** Null: it happens once. */
  repeats: 'daily' | 'weekly' | 'monthly' | null;
  every: number;
  until_on: string | null;
  times: number | null;
}

/** SQL: a time without a zone as a clock shows it. */
export const clockColumn = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI')`;

/** SQL: the columns of `EventTimeRow`, of a row of events. */
export const eventTimeColumns = (row: string) =>
  `${clockColumn(`${row}.starts_at`)} as starts_at, ${clockColumn(`${row}.ends_at`)} as ends_at,
  ${row}.time_zone, ${row}.whole_day, ${row}.repeats, ${row}.every, ${row}.until_on, ${row}.times`;

/** As calendars have it. */
export const eventTimeOf = ({ repeats, every, until_on, times, ...time }: EventTimeRow) => ({
  ...{ starts_at: time.starts_at, ends_at: time.ends_at, time_zone: time.time_zone, whole_day: time.whole_day },
  recurrence: repeats && { repeats, every, until_on, times },
});

/** SQL: as JSON, the times of a row of events that were changed by themselves: see `ChangedTime`. */
export const changedTimes = (row: string) => `coalesce((
  select json_agg(json_build_object('on', o.original_on, 'canceled', o.canceled, 'sequence', o.sequence,
    'starts_at', ${clockColumn('o.starts_at')}, 'ends_at', ${clockColumn('o.ends_at')}) order by o.original_on)
  from event_occurrences o
  where o.organization_id = ${row}.organization_id and o.event_id = ${row}.id and o.sequence is not null), '[]')`;
