import type { Link } from '../../../pages/views/components.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { taskBadge } from './task_badge.js';
import type { StepRow, TaskPage } from './task_queries.js';
import { counts, datesOf, doerOf, hoursOf, type TaskLine, taskLine, type TaskReader } from './task_rows.js';

/** What a task's page says of it. */
export interface TaskFacts {
  facts: { label: string; text: string; links: Link[] }[];
  who: TaskLine['who'];
  reason: TaskLine['reason'];
  steps: { title: string; url: string; badge: ReturnType<typeof taskBadge>; due: string }[];
  /** Another date that its doer asks for, for staff. */
  asked: { text: string; reason: string } | null;
  /** Where a step is added; null for whom may not. */
  add_step: { url: string; task: string; parent: string; label: string } | null;
}

export function taskFactsView(page: TaskPage, reader: TaskReader): TaskFacts {
  const { actor, slug, key, i18n } = reader;
  const { t, format } = i18n;
  const plans = actor.side === 'staff' && page.kind === 'task';
  return {
    facts: factsOf(page, reader).filter(({ text, links }) => text || links.length),
    who: doerOf(page, reader),
    reason: taskLine(page, reader).reason,
    steps: page.steps.map((step) => stepOf(step, reader)),
    asked:
      page.proposed_due_on && page.shared
        ? { text: t('Asks for {{date}}', { date: format.date(page.proposed_due_on) }), reason: page.proposed_reason }
        : null,
    add_step: plans
      ? { url: `/${slug}/projects/${key}/tasks`, task: page.number, parent: page.id, label: t('Add a step') }
      : null,
  };
}

function stepOf({ number, title, state, due_on }: StepRow, { actor, slug, day, i18n }: TaskReader) {
  const badge = taskBadge({ state, due_on, kind: 'step' }, day, actor.side === 'staff' ? 'staff' : 'partner', i18n);
  return { title, url: `/${slug}/tasks/${number}`, badge, due: due_on ? i18n.format.dayAndMonth(due_on) : '' };
}

function factsOf(page: TaskPage, { actor, slug, i18n }: TaskReader): TaskFacts['facts'] {
  const { t, format } = i18n;
  const { after, before, phase, parent, kind, document, estimate_minutes, due_on, confirmed_due_on } = page;
  const task = ({ number, title }: { number: string; title: string }) => ({
    href: `/${slug}/tasks/${number}`,
    label: title,
  });
  const fact = (label: string, text: string, links: Link[] = []) => ({ label: t(label), text, links });
  const confirmed = due_on !== null && confirmed_due_on === due_on ? t('Confirmed') : '';
  const off = page.due_off ? t('due on a day off: {{name}}', { name: page.due_off }) : '';
  return [
    fact('Phase', kind === 'task' || kind === 'step' ? '' : t('Phase'), phase ? [task(phase)] : []),
    fact('Step of', kind === 'step' ? (parent ?? '') : ''),
    fact('Dates', [datesText(page, i18n), confirmed, off].filter(Boolean).join(' · ')),
    fact('Estimate', estimate_minutes ? t('{{hours}} h', { hours: hoursOf(estimate_minutes, { format }) }) : ''),
    fact('After', '', after.map(task)),
    fact('Before', '', before.map(task)),
    fact('Waits for', '', document ? [{ href: `/${slug}/documents/${document.number}`, label: document.number }] : []),
    ...(actor.side === 'staff' ? staffFacts(page, i18n) : []),
  ];
}

function datesText(page: TaskPage, i18n: I18n): string {
  const { dates, now } = datesOf(page, i18n);
  return [dates, now].filter(Boolean).join(', ');
}

/** What only staff need to know. */
function staffFacts({ trade, customer_id, done_at, children, children_done, kind }: TaskPage, { t, format }: I18n) {
  const fact = (label: string, text: string) => ({ label: t(label), text, links: [] });
  return [
    fact('Trade', trade),
    fact('Shown to the customer', t(customer_id ? 'Yes' : 'No')),
    fact('Done', done_at ? format.dateTime(new Date(done_at)) : ''),
    fact(
      'Progress',
      kind === 'phase' && children ? t('{{done}} of {{all}} done', counts(children_done, children)) : '',
    ),
  ];
}
