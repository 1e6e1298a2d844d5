import { actionsFor } from '../../../acting/permitted.js';
import type { Span } from '../../../calendar/series.js';
import type { Actor } from '../../../db/scope.js';
import type { SubjectAction } from '../../../document_types/index.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { fieldsIn } from '../../../input/fields.js';
import type { ActionButton, Field } from '../../../pages/views/components.js';
import { type EventRow, eventSubject } from '../../../projects/events/event.js';
import { may } from '../../../subjects/may.js';
import type { FormState } from '../../shared/form.js';

interface Context {
  actor: Actor;
  /** Of its page. */
  url: string;
  i18n: I18n;
  form: FormState | null;
  /** The action whose form the address opens. */
  opened: string | null;
  /** The time of a series that its page is about; null: all of it. */
  one: OneTime | null;
}

interface OneTime extends Span {
  /** Its day in the series. */
  on: string;
  canceled: boolean;
}

/** What is done to one time of a series. */
const OF_ONE: ReadonlySet<string> = new Set(['accept', 'tentative', 'decline', 'propose', 'move', 'cancel_event']);
const OF_PROPOSAL: ReadonlySet<string> = new Set(['take_time', 'keep_time']);

/** Whether an action is offered where a page is about one time of a series. */
const concerns = (name: string, { proposed_on }: EventRow, one: OneTime | null): boolean =>
  !one || (!one.canceled && (OF_ONE.has(name) || (OF_PROPOSAL.has(name) && proposed_on === one.on)));

/** What this reader can do now with an event, each as its button. What they have answered is not offered again. */
export function eventActions(row: EventRow, answered: string | null, context: Context): ActionButton[] {
  return Object.entries(actionsFor(eventSubject(row), context.actor, ''))
    .filter(([name, action]) => action.label && name !== answered && concerns(name, row, context.one))
    .map(([name, action]) => button(name, action, row, context));
}

function button(name: string, action: SubjectAction, row: EventRow, context: Context): ActionButton {
  const { actor, url, i18n, opened, one } = context;
  const form = context.form?.action === name ? context.form : null;
  const needs_code = may(actor, { name, action, subject: eventSubject(row), today: '' }).answer === 'code';
  const fields = action.formPage
    ? []
    : [...partFields(name, form, context), ...fieldsOf(action, one ?? row, row, form, i18n)];
  const href = action.formPage ? `${url}/${action.formPage}` : null;
  return {
    ...{ name, needs_code, fields },
    label: i18n.t(action.label ?? name),
    explains: action.explains ? i18n.t(action.explains) : null,
    style: action.style ?? 'plain',
    href: needs_code
      ? `/verify?return_to=${encodeURIComponent(`${url}?open=${name}${one ? `&on=${one.on}` : ''}`)}`
      : href,
    url: `${url}/${name}`,
    ...(one ? { hidden: { on: one.on } } : {}),
    unfolds: fields.length > 0,
    open: form !== null || opened === name,
  };
}

const LABELS: Record<string, [string, Field['kind']]> = {
  starts_on: ['Starts', 'date'],
  starts_time: ['At', 'time'],
  ends_on: ['Ends', 'date'],
  ends_time: ['Until', 'time'],
  message: ['Message', 'longtext'],
};

/** How much of a series moves or is canceled. */
function partFields(name: string, form: FormState | null, { one, i18n: { t } }: Context): Field[] {
  if (!one || (name !== 'move' && name !== 'cancel_event')) return [];
  const moves = name === 'move';
  const kept = t('Those that were changed alone stay so while the series still has their day.');
  const typed = form?.input['which'];
  return [
    {
      ...{ name: 'which', kind: 'radio', label: t('Which'), required: true, error: form?.errors['which'] ?? null },
      value: typeof typed === 'string' ? typed : 'one',
      choices: [
        { value: 'one', label: t('Only this one') },
        {
          value: 'after',
          label: t('This one and all after'),
          hint: moves ? t('They go on as a series of their own.') : null,
        },
        { value: 'all', label: t('All of them'), hint: moves ? kept : null },
      ],
    },
  ];
}

/** When it is now stands in the fields of a move. */
function fieldsOf(action: SubjectAction, span: Span, row: EventRow, form: FormState | null, { t }: I18n): Field[] {
  const now: Record<string, string> = {
    ...{ starts_on: span.starts_at.slice(0, 10), starts_time: span.starts_at.slice(11) },
    ...{ ends_on: span.ends_at.slice(0, 10), ends_time: span.ends_at.slice(11) },
  };
  return fieldsIn(action.asks).flatMap(([name]) => {
    const [label, kind] = LABELS[name] ?? [];
    if (!label || !kind || (row.whole_day && kind === 'time')) return [];
    const typed = form?.input[name];
    return {
      ...{ name, kind, label: t(label), required: kind === 'date' || kind === 'time' },
      error: form?.errors[name] ?? (name === 'message' ? (form?.errors['form'] ?? null) : null),
      value: typeof typed === 'string' ? typed : (now[name] ?? ''),
    };
  });
}
