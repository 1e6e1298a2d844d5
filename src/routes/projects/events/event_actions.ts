import { actionsFor } from '../../../acting/permitted.js';
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
}

/** What this reader can do now with an event, each as its button. What they have answered is not offered again. */
export function eventActions(row: EventRow, answered: string | null, context: Context): ActionButton[] {
  return Object.entries(actionsFor(eventSubject(row), context.actor, ''))
    .filter(([name, action]) => action.label && name !== answered)
    .map(([name, action]) => button(name, action, row, context));
}

function button(name: string, action: SubjectAction, row: EventRow, context: Context): ActionButton {
  const { actor, url, i18n, opened } = context;
  const form = context.form?.action === name ? context.form : null;
  const needs_code = may(actor, { name, action, subject: eventSubject(row), today: '' }).answer === 'code';
  const fields = action.formPage ? [] : fieldsOf(action, row, form, i18n);
  const href = action.formPage ? `${url}/${action.formPage}` : null;
  return {
    ...{ name, needs_code, fields },
    label: i18n.t(action.label ?? name),
    explains: action.explains ? i18n.t(action.explains) : null,
    style: action.style ?? 'plain',
    href: needs_code ? `/verify?return_to=${encodeURIComponent(`${url}?open=${name}`)}` : href,
    url: `${url}/${name}`,
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

/** When it is now stands in the fields of a move. */
function fieldsOf(action: SubjectAction, row: EventRow, form: FormState | null, { t }: I18n): Field[] {
  const now: Record<string, string> = {
    ...{ starts_on: row.starts_at.slice(0, 10), starts_time: row.starts_at.slice(11) },
    ...{ ends_on: row.ends_at.slice(0, 10), ends_time: row.ends_at.slice(11) },
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
