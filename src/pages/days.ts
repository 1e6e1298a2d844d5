import type { Actor } from '../db/scope.js';
import { formatFor } from './format.js';

const DAY_MS = 86_400_000;

/** The current day in the actor's time zone, as ISO 8601. */
export const today = ({ time_zone, locale, now }: Pick<Actor, 'time_zone' | 'locale' | 'now'>) =>
  formatFor({ locale, time_zone }).today(now);

/** An ISO day, so many days later. */
export const addDays = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
