import { DAY_MS } from '../pages/days.js';
import { plainTime } from './content_lines.js';
import { clockAt, offsetAt } from './local_time.js';

interface Change {
  /** When clocks change, in milliseconds since 1970. */
  at: number;
  before: number;
  after: number;
}

const known = new Map<string, Change[]>();
const MOST_KNOWN = 500;

/** When clocks in a zone change in a year. Looked at day by day, then down to the minute. */
function changesIn(zone: string, year: number): Change[] {
  const key = `${zone} ${year}`;
  const found = known.get(key) ?? findChanges(zone, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

function findChanges(zone: string, from: number, to: number): Change[] {
  const changes: Change[] = [];
  for (let day = from; day < to; day += DAY_MS) {
    const [before, after] = [offsetAt(zone, day), offsetAt(zone, day + DAY_MS)];
    if (before === after) continue;
    let [low, high] = [day, day + DAY_MS];
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000;
      if (offsetAt(zone, middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ at: high, before, after });
  }
  return changes;
}

const two = (number: number) => String(number).padStart(2, '0');

/** '-0800' of -480 minutes. */
const offsetText = (minutes: number) =>
  `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;

/**
 * A VTIMEZONE with every change of the clocks from the first to the last year, and what counted before (RFC 5545
 * §3.6.5): lists, not rules, since rules are what governments change.
 */
export function timeZoneLines(zone: string, first: number, last: number): string[] {
  const begin = Date.UTC(first, 0, 1);
  const years = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const changes = years.flatMap((year) => changesIn(zone, year));
  const standing = offsetAt(zone, begin);
  const initial = { at: begin, before: standing, after: standing };
  const least = Math.min(standing, ...changes.map(({ after }) => after));
  return [
    ...['BEGIN:VTIMEZONE', `TZID:${zone}`],
    ...[initial, ...changes].flatMap((change) => observance(change, change.after > least ? 'DAYLIGHT' : 'STANDARD')),
    'END:VTIMEZONE',
  ];
}

const observance = ({ at, before, after }: Change, kind: 'STANDARD' | 'DAYLIGHT'): string[] => [
  `BEGIN:${kind}`,
  // As clocks showed it that had not been changed yet.
  `DTSTART:${plainTime(clockAt(at + before * 60_000, 'UTC'))}`,
  `TZOFFSETFROM:${offsetText(before)}`,
  `TZOFFSETTO:${offsetText(after)}`,
  `END:${kind}`,
];
