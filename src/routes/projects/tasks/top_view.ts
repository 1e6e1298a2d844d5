import { capital } from '../../../activity/sentence.js';
import type { Badge, Link } from '../../../pages/views/components.js';
import { photoUrl } from '../../../people/photo.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { daysBetween } from '../../../pages/days.js';
import { isOffered } from '../../../subjects/may.js';
import { project } from '../../../subjects/project/project_lifecycle.js';
import { type MoneyBar, moneyBars } from '../finances/money_bar.js';
import type { ProjectMoney } from '../finances/project_money.js';
import { tabsFor } from '../project_tabs.js';
import { daysLate } from './task_badge.js';
import type { TaskReader } from './task_rows.js';
import type { Todo } from './todo_view.js';
import { type Member, MOST_SEGMENTS, type Segment } from './top_queries.js';

/** What stands above the tabs on a project's own page. */
export interface ProjectTop {
  todo: Todo[];
  /** The project's key, by which a button leads back to its page. */
  key: string;
  /** Null while there is nothing to be done. */
  progress: Progress | null;
  dates: { label: string; text: string; when: string | null }[];
  status: Badge;
  /** For who has the Finances tab: agreed, invoiced and paid, by currency. */
  money: MoneyBar[];
  manager: { name: string; photo: string | null; message: Link | null } | null;
  members: { faces: { name: string; photo: string | null; ours: boolean }[]; text: string; invite: Link | null };
}

/** How far a project is. */
interface Progress {
  /** "7 of 16 tasks done". */
  title: string;
  /** The same as a sentence, for who hears it. */
  label: string;
  /** One for each task; none where they are too many to count: then one bar, by estimate. */
  segments: SegmentTone[];
  value: number;
  max: number;
  legend: { tone: SegmentTone; label: string }[];
}

type SegmentTone = 'done' | 'started' | 'late' | 'open';

/** How many of its tasks the reader sees, and how many of these are done. */
export interface Counted {
  all: number;
  done: number;
}

/** What the head of the page is made from, as it was read with it. */
interface TopRows {
  segments: readonly Segment[];
  members: readonly Member[];
  money: readonly ProjectMoney[];
}

export function topView(
  head: ProjectHead,
  { all, done }: Counted,
  { segments, members, money }: TopRows,
  todo: Todo[],
  reader: TaskReader,
): ProjectTop {
  const { t } = reader.i18n;
  const closed = { label: t('Closed'), tone: 'stopped' } as const;
  const { label, tone } = project.stateLabels.open;
  return {
    todo,
    key: head.key,
    progress: all ? progressOf(head, { all, done }, segments, reader) : null,
    dates: datesOf(head, reader),
    status: head.closed_at ? closed : { label: t(label), tone },
    money: hasFinances(head, reader) ? moneyBars(money, reader.day, reader.i18n) : [],
    manager: managerOf(head, reader),
    members: membersOf(head, members, reader),
  };
}

const hasFinances = (head: ProjectHead, { actor }: TaskReader) =>
  tabsFor(actor, head).some(({ name }) => name === 'finances');

function progressOf(head: ProjectHead, { all, done }: Counted, rows: readonly Segment[], reader: TaskReader): Progress {
  const { t, format } = reader.i18n;
  const segments = all > MOST_SEGMENTS ? [] : rows.map((row) => toneOf(row, reader.day));
  const late = segments.filter((tone) => tone === 'late').length;
  const started = segments.filter((tone) => tone === 'started').length;
  const title = t('{{done}} of {{count}} tasks done', { done: String(done), count: all });
  const parts = [
    title,
    started ? t('{{count}} in progress', { count: started }) : '',
    late ? t('{{count}} late', { count: late }) : '',
  ];
  const weight = head.task_weight || all;
  const legend = [
    { tone: 'done' as const, label: t('Done') },
    ...(started ? [{ tone: 'started' as const, label: t('In progress') }] : []),
    ...(late ? [{ tone: 'late' as const, label: t('{{count}} late', { count: late }) }] : []),
  ];
  return {
    ...{ title, segments, legend: segments.length ? legend : [] },
    label: format.list(parts.filter(Boolean)),
    value: head.task_weight ? head.done_weight : done,
    max: weight,
  };
}

function toneOf(row: Segment, day: string): SegmentTone {
  if (row.state === 'done') return 'done';
  return daysLate(row, day) ? 'late' : row.state === 'started' ? 'started' : 'open';
}

/** Vendors learn of the project's dates by those of their tasks. */
function datesOf({ starts_on, ends_on, partner_id }: ProjectHead, reader: TaskReader): ProjectTop['dates'] {
  const { actor, day, i18n } = reader;
  const { t, format } = i18n;
  if (actor.side !== 'staff' && actor.partner_id !== partner_id) return [];
  const near = (on: string) => {
    const { text, title } = format.when(on);
    const days = daysBetween(day, on);
    return days > 0 && text === title ? t('in {{count}} days', { count: days }) : text === title ? null : text;
  };
  const begun = starts_on !== null && starts_on <= day;
  return [
    ...(starts_on ? [{ label: t(begun ? 'Started' : 'Starts'), text: format.date(starts_on), when: null }] : []),
    ...(ends_on ? [{ label: t('Estimated end'), text: format.date(ends_on), when: near(ends_on) }] : []),
  ];
}

function managerOf(head: ProjectHead, reader: TaskReader): ProjectTop['manager'] {
  const { manager: name, manager_id, manager_photo: photo_sha256, shared, shown, key } = head;
  const { actor, slug, i18n } = reader;
  if (!name || !manager_id) return null;
  const writes = shared && manager_id !== actor.person_id && (actor.side === 'staff' || shown.includes('comments'));
  const first = name.split(/\s+/)[0] ?? name;
  const href = `/${slug}/projects/${key}/comments?mention=${manager_id}#composer`;
  const message = writes ? { href, label: i18n.t('Message {{name}}', { name: first }) } : null;
  return { name, photo: photoUrl(slug, { id: manager_id, photo_sha256 }), message };
}

/** Faces in a pile, and their first names. */
const MOST_FACES = 6;

function membersOf({ key }: ProjectHead, members: readonly Member[], reader: TaskReader): ProjectTop['members'] {
  const { actor, slug, i18n } = reader;
  const { t, format } = i18n;
  const first = ({ id, name }: Member) => (id === actor.person_id ? t('you') : (name.split(/\s+/)[0] ?? name));
  const named = members.slice(0, MOST_FACES);
  const more = members.length - named.length;
  const names = [...named.map(first), ...(more ? [t('{{count}} more', { count: more })] : [])];
  const invites = isOffered(actor, 'planning');
  return {
    faces: named.map((one) => ({
      name: one.name,
      photo: photoUrl(slug, one),
      ours: one.partner_id === null,
    })),
    text: capital(format.list(names)),
    invite: invites ? { href: `/${slug}/projects/${key}/comments#people-title`, label: t('Invite') } : null,
  };
}
