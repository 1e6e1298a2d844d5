import type { Actor } from '../db/scope.js';
import { formatFor } from './format.js';

/** The milliseconds of a day. */
export const DAY_MS = 86_400_000;

/** The current day of the actor's organization, as ISO 8601: it decides what is late or over, for both sides. */
export const today = ({ now, ...actor }: Pick<Actor, 'time_zone' | 'organization_zone' | 'locale' | 'now'>) =>
  formatFor(actor).today(now);

/** An ISO day, so many days later. */
export const addDays = (day: string, days: number) =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** Whole days from one ISO day to another; negative if it is earlier. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
