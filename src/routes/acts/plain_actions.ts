import type { SubjectAction } from '../../document_types/index.js';
import { actionsFor } from '../../acting/permitted.js';
import type { Actor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { type Control, fieldsIn, isOptional, metaOf } from '../../input/fields.js';
import type { ActionButton, Field } from '../../pages/views/components.js';
import { may, type SubjectFacts } from '../../subjects/may.js';
import type { FormState } from '../shared/form.js';

interface Context {
  actor: Actor;
  /** Of its page. */
  url: string;
  i18n: I18n;
  /** A submitted form to show again. */
  form: FormState | null;
  /** The action whose form the address opens. */
  opened: string | null;
  day: string;
  /** What is in its fields before anybody types; null: this one isn't shown. */
  values?: Readonly<Record<string, string | null>>;
}

const KINDS: Partial<Record<Control, Field['kind']>> = {
  ...{ 'long text': 'longtext', text: 'text', date: 'date', time: 'time', checkbox: 'checkbox' },
};
const LABELS: Record<string, string> = { message: 'Message' };

/** What this reader can do now with a subject, each as its button, with the fields that it asks for in place. */
export const plainActions = (subject: SubjectFacts, context: Context): ActionButton[] =>
  Object.entries(actionsFor(subject, context.actor, context.day))
    .filter(([, action]) => action.label)
    .map(([name, action]) => button(name, action, subject, context));

function button(name: string, action: SubjectAction, subject: SubjectFacts, context: Context): ActionButton {
  const { actor, url, i18n, opened, day } = context;
  const form = context.form?.action === name ? context.form : null;
  const needs_code = may(actor, { name, action, subject, today: day }).answer === 'code';
  const href = action.formPage ? `${url}/${action.formPage}` : null;
  const fields = action.formPage ? [] : fieldsOf(action, form, context);
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

const fieldsOf = (action: SubjectAction, form: FormState | null, { i18n, day, values = {} }: Context): Field[] =>
  fieldsIn(action.asks).flatMap(([name, schema]) => {
    const { control, label } = metaOf(schema);
    const kind = KINDS[control];
    if (!kind || values[name] === null) return [];
    const typed = form?.input[name];
    const required = kind === 'time' || (kind !== 'checkbox' && !isOptional(schema));
    return {
      ...{ name, kind, required, error: form?.errors[name] ?? null },
      label: i18n.t(label ?? LABELS[name] ?? name),
      value: typeof typed === 'string' ? typed : (values[name] ?? (name === 'from_on' ? day : '')),
    };
  });
