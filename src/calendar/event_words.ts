import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';
import type { EventTimeRow } from './event_columns.js';
import { clockAt, momentOf } from './local_time.js';

interface I18n {
  t: Translate;
  format: Format;
}

/** Who reads it: in their language, and whether their clocks show another time. */
interface Reader {
  locale: string;
  time_zone: string;
}

type Times = Pick<EventTimeRow, 'starts_at' | 'ends_at' | 'time_zone' | 'whole_day'>;

/** '09:00' as "9:00 AM". */
export const timeText = (clock: string, locale: string): string => timeFormat(locale).format(wall(clock));

const wall = (clock: string) => new Date(`${clock.length === 5 ? `2026-01-01T${clock}` : clock}Z`);

const timeFormat = (locale: string) =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });

/** "Friday, December 4", or "December 4, 2027" in another year than this one. */
const dayText = (day: string, format: Format) =>
  day.slice(0, 4) === format.today().slice(0, 4) ? format.weekday(day) : format.date(day);

/** "Friday, December 4, 9:00 – 10:30 AM", "Friday, December 4, 9:00 PM – Saturday, December 5, 1:00 AM". */
function rangeText({ starts_at, ends_at, whole_day }: Times, locale: string, format: Format): string {
  const [first, last] = [starts_at, ends_at].map((clock) => dayText(clock.slice(0, 10), format));
  if (whole_day) return first === last ? (first ?? '') : `${first} – ${last}`;
  const time = timeFormat(locale);
  if (first === last) return `${first}, ${time.formatRange(wall(starts_at), wall(ends_at))}`;
  return `${first}, ${time.format(wall(starts_at))} – ${last}, ${time.format(wall(ends_at))}`;
}

/** When something is, with the place of its clocks where the reader's show another time: "(Los Angeles)". */
export function whenText(times: Times, { locale, time_zone }: Reader, format: Format): string {
  const text = rangeText(times, locale, format);
  const place = otherPlace(times, time_zone);
  return place ? `${text} (${place})` : text;
}

/** The place of an event's clocks, where those of a reader show another time; null: they show the same. */
export function otherPlace(times: Omit<Times, 'ends_at'>, reader_zone: string): string | null {
  const { at } = momentOf(times.starts_at, times.time_zone);
  return times.whole_day || clockAt(at, reader_zone) === times.starts_at ? null : placeOf(times.time_zone);
}

/** "Los Angeles" of 'America/Los_Angeles'. */
const placeOf = (zone: string) => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');

const STEPS = {
  daily: ['Every day', 'Every {{count}} days'],
  weekly: ['Every week', 'Every {{count}} weeks'],
  monthly: ['Every month', 'Every {{count}} months'],
} as const;

/** "Every 2 weeks, 6 times", "Every day until December 24, 2026"; null if it happens once. */
export function repeatText({ repeats, every, until_on, times }: EventTimeRow, { t, format }: I18n): string | null {
  if (!repeats) return null;
  const [one, several] = STEPS[repeats];
  const step = every === 1 ? t(one) : t(several, { count: every });
  if (times) return t('{{step}}, {{times}} times', { step, times: String(times) });
  return t('{{step}} until {{date}}', { step, date: format.date(until_on ?? '') });
}

/** Whether the clocks are put back over its beginning, so that this time comes twice: the first counts. */
export const isTwice = ({ starts_at, time_zone, whole_day }: Times): boolean =>
  !whole_day && momentOf(starts_at, time_zone).kind === 'twice';
