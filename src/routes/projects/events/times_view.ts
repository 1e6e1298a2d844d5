import { whenText } from '../../../calendar/event_words.js';
import { answerOn, type Span, timeOn } from '../../../calendar/series.js';
import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { NotFound } from '../../../errors.js';
import { addDays } from '../../../pages/days.js';
import type { Badge, Link } from '../../../pages/views/components.js';
import type { FormState } from '../../shared/form.js';
import { answersOf, BADGES } from './event_guest_view.js';
import { type EventPage, MOST_TIMES, type SeriesTime } from './event_queries.js';

/** The times of a series: each has a page of its own. */
export interface TimesInput {
  times: { href: string; label: string; current: boolean; badge: Badge | null }[];
  /** The page of all of them, and those that follow. */
  links: Link[];
}

/** One time of a series. */
export interface ShownTime extends Span {
  /** Its day in the series. */
  on: string;
  canceled: boolean;
  moved: boolean;
}

/**
 * The time of a series that its page is about, by its day there. Null: all of it, also for a form that comes back when
 * the time is gone. @throws NotFound if the series hasn't got it
 */
export function shownTime(
  page: EventPage,
  times: readonly SeriesTime[],
  on: string | null,
  form: FormState | null,
): ShownTime | null {
  if (!on || !page.repeats) return null;
  const found = times.find((time) => time.on === on);
  if (!found && form) return null;
  if (!found) throw new NotFound();
  const moved = page.changed.some((one) => one.on === on && one.starts_at);
  return { ...timeOn(page, page.changed, on), on, canceled: found.canceled, moved };
}

interface Context {
  actor: Actor;
  i18n: I18n;
  /** Of the event's page. */
  url: string;
  on: string | null;
}

/** The times of a series that follow, and whether each is as its series says; null for what happens once. */
export function timesView(page: EventPage, times: readonly SeriesTime[], context: Context): TimesInput | null {
  if (!page.repeats) return null;
  const { actor, i18n, url, on } = context;
  const shown = times.slice(0, MOST_TIMES);
  const last = times.length > MOST_TIMES ? shown.at(-1) : undefined;
  return {
    times: shown.map((time) => ({
      href: `${url}?on=${time.on}`,
      label: whenText({ ...page, ...timeOn(page, page.changed, time.on) }, actor, i18n.format),
      current: time.on === on,
      badge: badgeOf(page, time, context),
    })),
    links: [
      ...(on ? [{ href: url, label: i18n.t('All of them') }] : []),
      ...(last ? [{ href: `${url}?from=${addDays(last.on, 1)}`, label: i18n.t('Later ones') }] : []),
    ],
  };
}

function badgeOf(page: EventPage, { on, canceled }: SeriesTime, { actor, i18n: { t } }: Context): Badge | null {
  if (canceled) return { label: t('Canceled'), tone: 'stopped' };
  const answer = answerOn(answersOf(page, actor.person_id), page.changed, on);
  const moved = page.changed.some((one) => one.on === on && one.starts_at);
  if (answer && page.state === 'planned') return { label: t(BADGES[answer][0]), tone: BADGES[answer][1] };
  return moved ? { label: t('Moved'), tone: 'waiting' } : null;
}
