import { daysBetween } from '../../pages/days.js';
import { capital, sentence, subjectLabel } from '../../activity/sentence.js';
import type { Actor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { type Format, formatFor } from '../../pages/format.js';
import type { Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { eventUrl } from '../../subjects/subject_url.js';
import { type Filter, FILTERS, type Notification, PAGE } from './notification_queries.js';

interface NotificationsInput {
  tabs: Tab[];
  filter: Filter;
  /** Marks all as read, up to the newest that is shown; null where nothing is new. */
  read_all: { url: string; upto: string } | null;
  groups: { label: string; entries: NotificationEntry[] }[];
  next: string | null;
}

/** What happened to one thing, as one entry. */
interface NotificationEntry {
  id: string;
  title: string;
  /** Null where nothing has a page. */
  href: string | null;
  is_new: boolean;
  lines: string[];
  more: string | null;
  at: Date;
  read_url: string;
  /** Null where it can't be muted. */
  mute: { url: string; muted: boolean } | null;
}

export const notificationsView = defineView<NotificationsInput>('notifications/notifications');

interface Shown {
  actor: Actor;
  slug: string;
  i18n: I18n;
  filter: Filter;
  before: string | null;
  rows: readonly Notification[];
  /** On the first page: what asked something. */
  asking: readonly Notification[];
}

const MOST_LINES = 3;

const LABELS: Readonly<Record<Filter, string>> = {
  all: 'All',
  unread: 'Unread',
  response: 'Needs your response',
  mentions: 'Mentions you',
};

export function notificationsPage(shown: Shown): NotificationsInput {
  const { slug, i18n, filter, rows } = shown;
  const url = `/${slug}/notifications`;
  const page = rows.slice(0, PAGE);
  const newest = [...page, ...shown.asking].find(({ unread }) => unread);
  const last = page.at(-1);
  return {
    tabs: FILTERS.map((one) => ({
      href: addressOf(url, one),
      label: i18n.t(LABELS[one]),
      current: one === filter,
    })),
    filter,
    read_all: newest ? { url: `${url}/read`, upto: newestOf(shown) } : null,
    groups: groupsOf(shown, page),
    next: last && rows.length > PAGE ? addressOf(url, filter, last.id) : null,
  };
}

const newestOf = ({ rows, asking }: Shown) =>
  [...rows, ...asking].reduce((newest, { id }) => (id > newest ? id : newest), '');

/** The address of the list, narrowed and from a notification on. */
export function addressOf(url: string, filter: Filter, before: string | null = null): string {
  const query = new URLSearchParams({ ...(filter === 'all' ? {} : { show: filter }), ...(before ? { before } : {}) });
  return query.size ? `${url}?${query}` : url;
}

/** First what needs a response, then by the reader's day. */
function groupsOf(shown: Shown, page: readonly Notification[]): NotificationsInput['groups'] {
  const { i18n, filter, asking } = shown;
  const waiting = asking.filter((one) => awaits(one, shown.actor));
  const first = things(waiting.map(({ subject_id }) => subject_id));
  const known = new Set(page.map(({ id }) => id));
  const all = [...page, ...waiting.filter(({ id }) => !known.has(id))];
  const answered = filter === 'response' ? page.filter((one) => awaits(one, shown.actor)) : page;
  const response = entriesOf(
    all.filter(({ subject_id }) => subject_id && first.has(subject_id)),
    shown,
  );
  const rest = answered.filter(({ subject_id }) => !subject_id || !first.has(subject_id));
  const label = i18n.t('Needs your response');
  return [...(response.length ? [{ label, entries: response }] : []), ...byDay(rest, shown)];
}

const things = (ids: readonly (string | null)[]) => new Set(ids.filter((id) => id !== null));

const awaits = ({ type, state }: Notification, { side, guest }: Actor) =>
  !guest && type !== null && state !== null && lifecycleOf(type).stateLabels[state]?.awaits === side;

function byDay(rows: readonly Notification[], shown: Shown): NotificationsInput['groups'] {
  const { t, format } = shown.i18n;
  const days = formatFor({ locale: shown.actor.locale, time_zone: shown.actor.time_zone });
  const today = days.today(shown.actor.now);
  const groups = new Map<string, NotificationEntry[]>();
  for (const entry of entriesOf(rows, shown)) {
    const day = days.today(new Date(entry.at));
    groups.set(day, [...(groups.get(day) ?? []), entry]);
  }
  return [...groups].map(([day, entries]) => ({ label: dayLabel(day, today, t, format), entries }));
}

function dayLabel(day: string, today: string, t: I18n['t'], format: Format): string {
  const ago = daysBetween(day, today);
  if (ago <= 0) return t('Today');
  if (ago === 1) return t('Yesterday');
  return ago < 300 ? format.weekday(day) : format.date(day);
}

/** One entry for each thing, at the time of the newest that happened to it. */
function entriesOf(rows: readonly Notification[], shown: Shown): NotificationEntry[] {
  const groups = new Map<string, Notification[]>();
  for (const row of rows) {
    const key = row.subject_id ?? row.id;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((one, other) => (one.id < other.id ? 1 : -1));
    return sorted[0] ? [entryOf(sorted[0], sorted, shown)] : [];
  });
}

function entryOf(newest: Notification, rows: readonly Notification[], shown: Shown): NotificationEntry {
  const { slug, i18n } = shown;
  const { id, subject_id, type, number, title, muted, created_at } = newest;
  const url = `/${slug}/notifications`;
  const about = type !== null && subject_id !== null;
  const lines = counted(rows.map((row) => textOf(row, shown)));
  const more = lines.length - MOST_LINES;
  return {
    id,
    title: about ? title || capital(subjectLabel(i18n.t, type, number)) : (lines[0] ?? ''),
    href: about ? eventUrl(slug, { kind: type, number, id: subject_id }, newest.details) : null,
    is_new: rows.some(({ unread }) => unread),
    lines: about ? lines.slice(0, MOST_LINES) : [],
    more: about && more > 0 ? i18n.t('and {{count}} more', { count: more }) : null,
    at: new Date(created_at),
    read_url: `${url}/${id}/read`,
    mute: about && muted !== null ? { url: `${url}/${subject_id}/${muted ? 'unmute' : 'mute'}`, muted } : null,
  };
}

/** Each sentence once, with how often it happened. */
function counted(sentences: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const one of sentences) times.set(one, (times.get(one) ?? 0) + 1);
  return [...times].map(([one, count]) => (count > 1 ? `${one} · ${count}×` : one));
}

const textOf = (row: Notification, { actor, i18n }: Shown): string =>
  sentence({ ...row, reader: actor.person_id }, i18n.t, i18n.format);
