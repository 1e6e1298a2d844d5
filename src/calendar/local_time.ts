import { IANAZone } from 'luxon';

const HOUR_MS = 3_600_000;
const zones = new Map<string, IANAZone>();

/** A time zone by its IANA name; UTC if this runtime doesn't know it. */
function zoneNamed(name: string): IANAZone {
  const known = zones.get(name) ?? IANAZone.create(IANAZone.isValidZone(name) ? name : 'UTC');
  zones.set(name, known);
  return known;
}

/** How far a zone is from UTC at a moment (milliseconds since 1970), in minutes. */
export const offsetAt = (zone: string, moment: number): number => zoneNamed(zone).offset(moment);

/** What a clock in a zone shows at a moment (milliseconds since 1970): '2026-12-04T09:00'. */
export const clockAt = (moment: number, zone: string): string =>
  new Date(moment + offsetAt(zone, moment) * 60_000).toISOString().slice(0, 16);

interface Moment {
  /** Milliseconds since 1970. */
  at: number;
  /** `gap`: clocks are put forward over this time, which then counts by the offset before; `twice`: the first counts. */
  kind: 'once' | 'gap' | 'twice';
}

/** The moment at which a clock in a zone shows a time such as '2026-12-04T09:00' (RFC 5545 §3.3.5). */
export function momentOf(clock: string, zone: string): Moment {
  const wall = Date.parse(`${clock}Z`);
  const [before, behind] = [offsetAt(zone, wall - 24 * HOUR_MS), offsetAt(zone, wall + 24 * HOUR_MS)];
  const shown = [...new Set([before, behind])]
    .map((offset) => wall - offset * 60_000)
    .filter((at) => at + offsetAt(zone, at) * 60_000 === wall);
  const [first, second] = shown.toSorted((one, other) => one - other);
  if (first === undefined) return { at: wall - before * 60_000, kind: 'gap' };
  return { at: first, kind: second === undefined ? 'once' : 'twice' };
}
