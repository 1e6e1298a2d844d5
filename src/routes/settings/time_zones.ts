import { readLocale, writeLocale } from '../../input/locale_tag.js';
import type { Choice } from '../../pages/views/components.js';
import { TIME_ZONES } from '../../people/form_values.js';

/** Where most people are; others are found in the list of all. */
const COMMON = `America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Sao_Paulo
  Europe/London Europe/Dublin Europe/Lisbon Europe/Madrid Europe/Paris Europe/Berlin Europe/Vienna Europe/Zurich
  Europe/Warsaw Africa/Johannesburg Asia/Dubai Asia/Kolkata Asia/Singapore Asia/Tokyo Australia/Sydney
  Pacific/Auckland UTC`.split(/\s+/);

const HOUR_MS = 3_600_000;
const offsets = new Map<string, number>();
let offsets_at = 0;

/** How far a zone is from UTC, in minutes. Kept for an hour, since 400 formatters take a tenth of a second. */
function offsetOf(zone: string, now: number): number {
  if (now - offsets_at > HOUR_MS || now < offsets_at) {
    offsets.clear();
    offsets_at = now - (now % HOUR_MS);
  }
  const known = offsets.get(zone);
  if (known !== undefined) return known;
  // Swedish moments are ISO 8601.
  const minute = Math.floor(now / 60_000);
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const offset = Date.parse(`${format.format(minute * 60_000).replace(' ', 'T')}:00Z`) / 60_000 - minute;
  offsets.set(zone, offset);
  return offset;
}

interface ZoneGroup {
  label: string;
  choices: Choice[];
}

/** All time zones with what time it is there, the person's own and common ones first. */
export function timeZoneGroups(
  own: string,
  locale: string,
  labels: { common: string; all: string },
  now = Date.now(),
): ZoneGroup[] {
  const { language, hours } = readLocale(locale);
  const plain = writeLocale({ language, hours, week_start: null, dates: null, numbers: null });
  const time = new Intl.DateTimeFormat(plain, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  const choice = (zone: string): Choice => ({
    value: zone,
    label: `${zone.replaceAll('_', ' ').replaceAll('/', ' / ')} · ${time.format(now + offsetOf(zone, now) * 60_000)}`,
  });
  const first = [...new Set([own, ...COMMON])].filter((zone) => TIME_ZONES.includes(zone) || zone === own);
  const rest = TIME_ZONES.filter((zone) => !first.includes(zone));
  return [
    { label: labels.common, choices: first.map(choice) },
    { label: labels.all, choices: rest.map(choice) },
  ];
}
