import { readLocale } from '../input/locale_tag.js';
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

/** "9:00 – 10:30 AM", "Dec 4, 2026, 9:00 PM – Dec 5, 2026, 1:00 AM". */
function rangeText({ starts_at, ends_at }: Times, locale: string, format: Format): string {
  const [first, last] = [starts_at.slice(0, 10), ends_at.slice(0, 10)];
  const time = timeFormat(locale);
  if (first === last) return `${format.weekday(first)}, ${time.formatRange(wall(starts_at), wall(ends_at))}`;
  const day = (clock: string) => `${format.weekday(clock.slice(0, 10))}, ${time.format(wall(clock))}`;
  return `${day(starts_at)} – ${day(ends_at)}`;
}

/**
 * "Friday, December 4, 9:00 – 10:30 AM", with the year if it is another than this one's, and the zone where the reader's
 * clocks show another time: "(Los Angeles)".
 */
export function whenText(times: Times, { locale, time_zone }: Reader, { t, format }: I18n): string {
  const [first, last] = [times.starts_at.slice(0, 10), times.ends_at.slice(0, 10)];
  const year = first.slice(0, 4) === format.today().slice(0, 4) || readLocale(locale).dates ? '' : first.slice(0, 4);
  const withYear = (text: string) => (year ? t('{{text}} ({{place}})', { text, place: year }) : text);
  if (times.whole_day)
    return withYear(first === last ? format.weekday(first) : `${format.weekday(first)} – ${format.weekday(last)}`);
  const text = withYear(rangeText(times, locale, format));
  const { at } = momentOf(times.starts_at, times.time_zone);
  if (clockAt(at, time_zone) === times.starts_at) return text;
  return t('{{text}} ({{place}})', { text, place: placeOf(times.time_zone) });
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
