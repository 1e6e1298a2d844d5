import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Badge } from '../../../pages/views/components.js';
import { actionsFor } from '../../../acting/permitted.js';
import { photoUrl } from '../../../people/photo.js';
import { taskSubject } from '../../../projects/tasks/task.js';
import { taskBadge } from './task_badge.js';
import type { ListedTask } from './task_queries.js';

/** Who looks at a list of tasks. */
export interface TaskReader {
  actor: Actor;
  slug: string;
  /** The name of the organization. */
  organization: string;
  /** The key of the project. */
  key: string;
  day: string;
  i18n: I18n;
}

/** A task in the list of its project. */
export interface TaskLine {
  id: string;
  number: string;
  title: string;
  url: string;
  kind: 'phase' | 'task' | 'step';
  milestone: boolean;
  /** "2 files", "after Wiring". */
  meta: string[];
  /** `label`: what stands beside their photo, such as “You”. */
  who: { name: string; label: string; photo: string | null; ours: boolean } | null;
  dates: string;
  /** "now Dec 2". */
  now: string | null;
  badge: Badge;
  reason: { text: string; by: string } | null;
  finish: boolean;
  undo: boolean;
}

/** A task as its row shows it. */
export function taskLine(row: ListedTask, reader: TaskReader): TaskLine {
  const { actor, slug, day, i18n } = reader;
  const actions = actionsFor(taskSubject(row, actor), actor, day);
  return {
    ...{ id: row.id, number: row.number, title: row.title, kind: row.kind, milestone: row.milestone },
    url: `/${slug}/tasks/${row.number}`,
    meta: metaOf(row, i18n),
    who: doerOf(row, reader),
    ...datesOf(row, i18n),
    badge: taskBadge(row, day, actor.side === 'staff' ? 'staff' : 'partner', i18n),
    reason: reasonOf(row, reader),
    finish: 'finish' in actions,
    undo: 'undo' in actions,
  };
}

/** Who does it, as this reader may know: a vendor by its trade, staff as their organization unless they are shown. */
export function doerOf(row: ListedTask, { actor, slug, organization, i18n: { t } }: TaskReader): TaskLine['who'] {
  const { assignee, vendor, vendor_id, trade, assignee_id } = row;
  const called = (name: string, photo: string | null, ours: boolean) => ({ name, label: name, photo, ours });
  if (assignee_id && assignee_id === actor.person_id)
    return {
      ...called(actor.name ?? '', assignee ? photoUrl(slug, assignee) : null, actor.side === 'staff'),
      label: t('You'),
    };
  const hides = actor.side !== 'staff' && vendor_id !== null && vendor_id !== actor.partner_id;
  if (hides) return called(trade || organization, null, !trade);
  if (assignee) {
    const face = called(assignee.name, photoUrl(slug, assignee), assignee.partner_id === null);
    return vendor && actor.side === 'staff' ? { ...face, label: `${assignee.name} · ${vendor}` } : face;
  }
  if (vendor) return called(vendor, null, false);
  return assignee_id || vendor_id ? called(organization, null, true) : null;
}

function metaOf(row: ListedTask, { t, format }: I18n): string[] {
  const { children, children_done, file_count, after, document, estimate_minutes, kind } = row;
  const waits = after.filter(({ state }) => state === 'open' || state === 'started');
  return [
    kind === 'task' && children ? t('{{done}} of {{all}} steps', counts(children_done, children)) : '',
    file_count ? t('{{count}} files', { count: file_count }) : '',
    waits.length ? t('after {{tasks}}', { tasks: format.list(waits.map(({ title }) => title)) }) : '',
    document ? document.number : '',
    estimate_minutes ? t('{{hours}} h', { hours: hoursOf(estimate_minutes, { format }) }) : '',
  ].filter(Boolean);
}

export const counts = (done: number, all: number) => ({ done: String(done), all: String(all) });

/** "1.5" of 90 minutes, as the reader writes numbers. */
export const hoursOf = (minutes: number, { format }: Pick<I18n, 'format'>): string =>
  format.number(String(Math.round((minutes / 60) * 100) / 100));

/** As they were planned, and if that has changed, until when it takes now. */
export function datesOf(row: ListedTask, { t, format }: I18n): Pick<TaskLine, 'dates' | 'now'> {
  const { starts_on, due_on, planned_starts_on, planned_due_on } = row;
  const moved = planned_due_on !== null && due_on !== null && due_on !== planned_due_on;
  const [from, until] = moved ? [planned_starts_on, planned_due_on] : [starts_on, due_on];
  const dates =
    from && until && from !== until
      ? format.range(from, until)
      : until
        ? format.dayAndMonth(until)
        : from
          ? t('from {{date}}', { date: format.dayAndMonth(from) })
          : '';
  return { dates, now: moved ? t('now {{date}}', { date: format.dayAndMonth(due_on) }) : null };
}

/** Why it moved, in the words of who moved it. */
function reasonOf(row: ListedTask, { organization, i18n: { format } }: TaskReader): TaskLine['reason'] {
  const { reason, reason_author, reason_at, reason_by, trade } = row;
  if (!reason) return null;
  const who = reason_author ?? (reason_by ? trade || organization : organization);
  return { text: reason, by: [who, reason_at && format.when(new Date(reason_at)).text].filter(Boolean).join(', ') };
}
