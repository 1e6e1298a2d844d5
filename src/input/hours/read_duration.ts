import { readNumber } from '../read_number.js';

// The one reader of hours that people type.

const MOST_MINUTES = 6_000_000;
/** '1:30' and '1h30', then '1h 30m', '1 h', '90m', '90 min' and '2 Std.'. */
const CLOCK = /^(?<hours>\d{0,5})(?::| ?h ?)(?<minutes>[0-5]\d)$/;
const UNITS =
  /^(?:(?<hours>[\d.,]+) ?(?:h|hrs?|hours?|std|stunden?)\.?)? ?(?:(?<minutes>\d{1,7}) ?(?:m|min|mins|minutes?|minuten?)\.?)?$/;

/**
 * Typed hours in minutes: '1:30', '1.5', '1,5' (where the locale writes it so), '90m' and '1h 30' are 90. Null unless it
 * is a duration beyond doubt, of whole minutes up to 100,000 hours.
 */
export function readDuration(typed: string, locale: string): number | null {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (!text) return null;
  const clock = CLOCK.exec(text)?.groups;
  if (clock) return within(Number(clock['hours'] || 0) * 60 + Number(clock['minutes']));
  const units = UNITS.exec(text)?.groups;
  if (!units) return fromHours(text, locale);
  const hours = units['hours'] === undefined ? 0 : fromHours(units['hours'], locale);
  return hours === null ? null : within(hours + Number(units['minutes'] ?? 0));
}

/** A decimal of hours, to the minute. */
function fromHours(text: string, locale: string): number | null {
  const hours = readNumber(text, locale);
  return hours === null ? null : within(Math.round(Number(hours) * 60));
}

const within = (minutes: number) => (minutes >= 0 && minutes <= MOST_MINUTES ? minutes : null);
