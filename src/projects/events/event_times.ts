import type { EventTimeRow } from '../../calendar/event_columns.js';
import { momentOf } from '../../calendar/local_time.js';
import { daysOf } from '../../calendar/recurrence.js';
import { Invalid } from '../../errors.js';
import { DAY_MS } from '../../pages/days.js';
import type { GivenEvent, GivenEventTimes } from '../../subjects/project/event_input.js';

/** So long an event takes at most. */
const MOST_DAYS = 31;
const MOST_YEARS = 10;

type Span = Pick<EventTimeRow, 'starts_at' | 'ends_at'>;
type Rule = Pick<EventTimeRow, 'repeats' | 'every' | 'until_on' | 'times'>;

/** When an event begins and ends, on clocks in its zone. @throws Invalid by field */
export function validTimes(
  { starts_on, starts_time, ends_on = starts_on, ends_time }: GivenEventTimes,
  { time_zone, whole_day }: Pick<EventTimeRow, 'time_zone' | 'whole_day'>,
): Span {
  if (!/^20\d\d/.test(starts_on)) throw new Invalid({ starts_on: 'Choose a day of this century.' });
  if (ends_on < starts_on) throw new Invalid({ ends_on: 'This is before it starts.' });
  if (Date.parse(ends_on) - Date.parse(starts_on) > (MOST_DAYS - 1) * DAY_MS)
    throw new Invalid({ ends_on: 'An event takes at most 31 days.' });
  if (whole_day) return { starts_at: `${starts_on}T00:00`, ends_at: `${ends_on}T00:00` };
  if (!starts_time) throw new Invalid({ starts_time: 'Enter a time like 9:30.' });
  if (!ends_time) throw new Invalid({ ends_time: 'Enter a time like 9:30.' });
  const [starts_at, ends_at] = [`${starts_on}T${starts_time}`, `${ends_on}T${ends_time}`];
  if (ends_at <= starts_at) throw new Invalid({ ends_time: 'Enter a time after it starts.' });
  requireExisting('starts_time', starts_at, time_zone);
  requireExisting('ends_time', ends_at, time_zone);
  return { starts_at, ends_at };
}

function requireExisting(field: string, clock: string, zone: string): void {
  if (momentOf(clock, zone).kind !== 'gap') return;
  const sentence = 'There is no {{time}} on this day: clocks in {{zone}} are put forward. Enter another time.';
  throw new Invalid({ [field]: sentence }, { time: clock.slice(11), zone: zone.replaceAll('_', ' ') });
}

/** How often an event happens that first does on this day. @throws Invalid by field */
export function validRule(
  { repeats = 'no', every = 1, until_on, times }: Pick<GivenEvent, 'repeats' | 'every' | 'until_on' | 'times'>,
  starts_on: string,
): Rule {
  if (repeats === 'no') return { repeats: null, every: 1, until_on: null, times: null };
  if (!until_on && !times) throw new Invalid({ until_on: 'Enter the last day, or how often.' });
  if (until_on && times) throw new Invalid({ times: 'Enter the last day or how often, not both.' });
  if (until_on && until_on < starts_on) throw new Invalid({ until_on: 'This is before it starts.' });
  const rule = { repeats, every, until_on: until_on ?? null, times: times ?? null };
  const last = daysOf(starts_on, rule)?.at(-1);
  if (!last || Number(last.slice(0, 4)) > Number(starts_on.slice(0, 4)) + MOST_YEARS)
    throw new Invalid({ [times ? 'times' : 'until_on']: 'It can happen 400 times in 10 years at most.' });
  return rule;
}
