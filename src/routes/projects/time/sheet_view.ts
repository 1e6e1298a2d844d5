import { type DayOff, dayOffOn } from '../../../projects/days_off/days_off.js';
import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { addDays } from '../../../pages/days.js';
import { hoursText } from '../../../input/hours/hours_text.js';
import type { Choice } from '../../../pages/views/components.js';
import type { Errors } from '../../shared/form.js';
import type { LoggedCell, WeekState, WorkRow } from './time_queries.js';

/** A person's week as a table of fields. Times are texts. */
export interface SheetView {
  week: string;
  /** "Nov 23 – Nov 29". */
  title: string;
  previous: string;
  next: string | null;
  days: SheetDay[];
  rows: SheetRow[];
  total: string;
  /** It can be changed. */
  open: boolean;
  /** What its state is, in a sentence; null while it is open. */
  state: string | null;
  may_submit: boolean;
  may_withdraw: boolean;
  /** What else can be added to it. */
  choices: Choice[];
  notes: { name: string; internal: string | null; label: string; note: string; internal_note: string }[];
}

interface SheetDay {
  day: string;
  /** "Mon". */
  weekday: string;
  /** "23". */
  number: string;
  long: string;
  total: string;
  look: '' | 'now' | 'weekend';
  /** What it is off for. */
  off: string | null;
  /** The one that a phone shows. */
  chosen: boolean;
  url: string;
}

interface SheetRow {
  work: string;
  title: string;
  parent: string | null;
  /** Its minutes by day as they are saved, for who else changes them meanwhile. */
  was: string;
  cells: { name: string; value: string; error: string | null; field: boolean; chosen: boolean }[];
  total: string;
  running: boolean;
}

/** What a sheet is made from. `today` and `week` ISO 8601; `typed` and `errors` of a form that comes back. */
interface SheetParts {
  actor: Actor;
  i18n: I18n;
  url: string;
  week: string;
  today: string;
  /** The day that a phone shows. */
  chosen: string;
  closed_on: string | null;
  days_off: readonly DayOff[];
  works: readonly WorkRow[];
  cells: readonly LoggedCell[];
  /** Works to show besides those with time. */
  added: readonly string[];
  state: WeekState | null;
  /** The work of the timer that runs. */
  running: string | null;
  own: boolean;
  typed: Readonly<Record<string, string>>;
  errors: Errors;
}

export function sheetView(parts: SheetParts): SheetView {
  const { actor, week, today, cells, state, own, i18n, url } = parts;
  const open = own && state?.state !== 'submitted' && state?.state !== 'approved';
  const text = (minutes: number) => (minutes ? hoursText(minutes, actor.locale) : '');
  const sum = (some: readonly LoggedCell[]) => text(some.reduce((total, { minutes }) => total + minutes, 0));
  const next = addDays(week, 7);
  return {
    ...{ week, title: weekTitle(week, i18n), previous: `${url}?week=${addDays(week, -7)}` },
    next: next > today ? null : `${url}?week=${next}`,
    days: daysOf(week).map((day) => dayView(day, sum(cells.filter((cell) => cell.day === day)), parts)),
    rows: worksShown(parts).map((work) => rowView(work, open, parts)),
    total: sum(cells) || hoursText(0, actor.locale),
    open,
    state: stateSentence(parts),
    may_submit: open && cells.length > 0,
    may_withdraw: own && state?.state === 'submitted',
    choices: open ? choicesOf(parts) : [],
    notes: open ? notesOf(parts) : [],
  };
}

export const daysOf = (week: string): string[] => Array.from({ length: 7 }, (_, n) => addDays(week, n));

/** "Nov 23 – 29". */
export const weekTitle = (week: string, { format }: I18n): string => format.range(week, addDays(week, 6));

function dayView(day: string, total: string, parts: SheetParts): SheetDay {
  const { actor, today, chosen, url, i18n } = parts;
  const off = dayOffOn(parts.days_off, day)?.name ?? null;
  const at = new Date(day);
  const name = new Intl.DateTimeFormat(actor.locale, { weekday: 'short', timeZone: 'UTC' });
  const isWeekend = [0, 6].includes(at.getUTCDay());
  return {
    ...{ day, total, weekday: name.format(at), number: String(at.getUTCDate()), long: i18n.format.weekday(day) },
    off,
    look: day === today ? 'now' : isWeekend || off ? 'weekend' : '',
    chosen: day === chosen,
    url: `${url}?day=${day}`,
  };
}

interface Shown {
  id: string;
  title: string;
  parent: string | null;
}

/** Those with time in the week, those that were added, and the reader's own that are under way. */
function worksShown({ works, cells, added, running, actor, own }: SheetParts): Shown[] {
  const theirs = ({ assignee_id, state }: WorkRow) =>
    own && state === 'started' && assignee_id !== null && assignee_id === actor.person_id;
  const vendors = ({ vendor_id, state }: WorkRow) =>
    own && actor.side === 'partner' && vendor_id === actor.partner_id && state !== 'done' && state !== 'dropped';
  const logged = new Set(cells.map(({ work_id }) => work_id));
  const shown = works.filter(
    (work) => logged.has(work.id) || added.includes(work.id) || work.id === running || theirs(work) || vendors(work),
  );
  const known = new Set(shown.map(({ id }) => id));
  const others = cells.filter(({ work_id }, n) => {
    const first = cells.findIndex((cell) => cell.work_id === work_id) === n;
    return first && !known.has(work_id);
  });
  return [...shown, ...others.map(({ work_id, work }) => ({ id: work_id, title: work ?? '', parent: null }))];
}

function rowView({ id, title, parent }: Shown, open: boolean, parts: SheetParts): SheetRow {
  const { actor, week, today, chosen, cells, closed_on, running, typed, errors } = parts;
  const own = cells.filter(({ work_id }) => work_id === id);
  const minutesOn = (day: string) => own.find((cell) => cell.day === day)?.minutes ?? 0;
  const text = (minutes: number) => (minutes ? hoursText(minutes, actor.locale) : '');
  return {
    ...{ work: id, title, parent, running: running === id },
    was: daysOf(week).map(minutesOn).join(','),
    cells: daysOf(week).map((day) => {
      const name = cellName(id, day);
      const field = open && day <= today && !(closed_on && day <= closed_on);
      return {
        ...{ name, field, chosen: day === chosen },
        value: (field ? typed[name] : undefined) ?? text(minutesOn(day)),
        error: errors[name] ?? null,
      };
    }),
    total: text(own.reduce((sum, { minutes }) => sum + minutes, 0)),
  };
}

/** The name of a cell's field. */
export const cellName = (work: string, day: string) => `m:${work}:${day}`;

function stateSentence({ state, i18n: { t } }: SheetParts): string | null {
  if (state?.state === 'submitted') return t('Submitted. Waiting for approval.');
  if (state?.state === 'approved') return t('Approved by {{name}}.', { name: state.by ?? '' });
  if (state?.state !== 'sent_back') return null;
  return t('{{name}} sent it back: {{reason}}', { name: state.by ?? '', reason: state.reason });
}

const choicesOf = ({ works, cells }: SheetParts): Choice[] =>
  works
    .filter(({ id, state }) => state !== 'dropped' && !cells.some(({ work_id }) => work_id === id))
    .map(({ id, title, parent }) => ({ value: id, label: parent ? `${title} · ${parent}` : title }));

function notesOf({ cells, i18n: { format }, actor, closed_on, typed }: SheetParts) {
  return cells
    .filter(({ day }) => !(closed_on && day <= closed_on))
    .map(({ work_id, work, day, note, internal_note }) => {
      const name = `n:${work_id}:${day}`;
      const internal = actor.side === 'staff' ? `i:${work_id}:${day}` : null;
      return {
        ...{ name, internal, label: `${work ?? ''}, ${format.weekday(day)}` },
        note: typed[name] ?? note,
        internal_note: (internal ? typed[internal] : undefined) ?? internal_note ?? '',
      };
    });
}
