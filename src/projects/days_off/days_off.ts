import type { Actor, Query } from '../../db/scope.js';
import { addDays } from '../../pages/days.js';

/** So many an organization keeps. */
export const MOST_DAYS_OFF = 300;
/** So many days one takes at most. */
export const LONGEST = 62;

/** Days on which nobody of the organization works; ISO 8601. */
export interface DayOff {
  id: string;
  name: string;
  starts_on: string;
  ends_on: string;
}

/** Those that are not over before a day, in their order. */
export const daysOff = ({ organization_id }: Actor, from: string): Query<DayOff> => ({
  name: 'days_off',
  text: `select id, name, starts_on, ends_on from days_off
    where organization_id = $1 and starts_on >= $2::date - ${LONGEST} and ends_on >= $2::date
    order by starts_on, id limit ${MOST_DAYS_OFF}`,
  values: [organization_id, from],
});

/** What a day is off for; null: it isn't. */
export const dayOffOn = (all: readonly DayOff[], day: string): DayOff | null =>
  all.find(({ starts_on, ends_on }) => starts_on <= day && day <= ends_on) ?? null;

/** Each of the days, ISO 8601. */
export const eachDayOff = (all: readonly Pick<DayOff, 'starts_on' | 'ends_on'>[]): Set<string> => {
  const days = new Set<string>();
  for (const { starts_on, ends_on } of all)
    for (let day = starts_on; day <= ends_on; day = addDays(day, 1)) days.add(day);
  return days;
};
