import type { Actor } from '../../db/scope.js';
import { formatFor } from '../../pages/format.js';

/** What this day is called where the actor lives: an ISO day. */
export const today = ({ time_zone, locale, now }: Pick<Actor, 'time_zone' | 'locale' | 'now'>) =>
  formatFor({ locale, time_zone }).today(now);
