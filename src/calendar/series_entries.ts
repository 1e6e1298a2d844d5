import type { CalendarEntry } from './calendar_text.js';
import { type ChangedTime, spanOn, timeOn } from './series.js';

/** A series as calendars have it: all of it without the times that don't take place, then those that were moved. */
export function seriesEntries(series: CalendarEntry, changed: readonly ChangedTime[]): CalendarEntry[] {
  const excluded = changed.filter(({ canceled }) => canceled).map(({ on }) => spanOn(series, on).starts_at);
  const moved = changed.filter(({ canceled }) => !canceled);
  return [{ ...series, excluded }, ...moved.map(({ on }) => entryOn(series, changed, on))];
}

/** One time of a series, by its day there: as its calendar has it beside the series (RFC 5545 §3.8.4.4). */
export const entryOn = (series: CalendarEntry, changed: readonly ChangedTime[], on: string): CalendarEntry => ({
  ...series,
  ...timeOn(series, changed, on),
  recurrence: null,
  instead_of: spanOn(series, on).starts_at,
  sequence: changed.find((one) => one.on === on)?.sequence ?? series.sequence,
});
