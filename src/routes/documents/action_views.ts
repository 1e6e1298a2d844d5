import { subjectLabel } from '../../activity/sentence.js';
import type { Actor } from '../../db/scope.js';
import { type SubjectAction, isSigned, type NextStep, typeNamed } from '../../document_types/index.js';
import { actionsFor } from '../../acting/permitted.js';
import { keyOf } from '../../documents/content/document.js';
import { today } from '../../pages/days.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { ActionButton, Choice, Field, SignatureForm } from '../../pages/views/components.js';
import { signingIntent } from '../../signing/signature.js';
import { type Control, fieldsIn, isOptional, metaOf } from '../../input/fields.js';
import { methodLabel } from '../../input/payment_methods.js';
import { nearDays } from '../../payments/reminders/payment_promise.js';
import { isOffered, may } from '../../subjects/may.js';
import type { FormState } from '../shared/form.js';
import { bankWarnings } from './bank_warning.js';

/** A document and its reader, and which of the page's forms are filled or open. */
export interface DocumentContext {
  page: DocumentPage;
  actor: Actor;
  slug: string;
  i18n: I18n;
  /** A submitted form to show again, because its input could not be used. */
  form: FormState | null;
  /** The action whose form the address opens. */
  opened: string | null;
}

/** What this reader can do now: links to pages that lead on, then the actions that have a button. */
export function actionButtons(context: DocumentContext): ActionButton[] {
  const { page, actor } = context;
  const links = (typeNamed(page.type).nextSteps ?? [])
    .filter((action) => isOffered(actor, { action, subject: page, today: today(actor) }))
    .map((step) => nextStepButton(step, context));
  const actions = Object.entries(actionsFor(page, actor, today(actor))).filter(([, action]) => action.label);
  return [...links, ...actions.map(([name, action]) => actionButton(name, action, context))];
}

const nextStepButton = ({ label, style, to }: NextStep, { page, slug, i18n }: DocumentContext): ActionButton => ({
  name: to,
  label: i18n.t(label),
  explains: null,
  style: style ?? 'plain',
  href: `/${slug}/${to.replace('{{key}}', keyOf(page)).replace('{{origin}}', originKey(page))}`,
  url: null,
  needs_code: false,
  fields: [],
  unfolds: false,
  open: false,
});

const originKey = ({ related }: DocumentPage): string => {
  const origin = related.find(({ is_origin }) => is_origin);
  return origin ? keyOf(origin) : '';
};

function actionButton(name: string, action: SubjectAction, context: DocumentContext): ActionButton {
  const { page, actor, slug, i18n, opened } = context;
  const { t } = i18n;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const form = context.form?.action === name ? context.form : null;
  const needs_code = may(actor, { name, action, subject: page, today: today(actor) }).answer === 'code';
  const href = action.formPage ? `${url}/${action.formPage}` : null;
  const fields = fieldsOf(action, page, i18n, form);
  const signature = isSigned(action, page) ? signatureForm(page, actor, i18n, form) : null;
  return {
    name,
    needs_code,
    label: t(isSigned(action, page) ? `${action.label} and sign` : (action.label ?? name)),
    explains: explainedIn(action, context),
    style: action.style ?? 'plain',
    href: needs_code ? `/verify?return_to=${encodeURIComponent(`${url}?open=${name}`)}` : href,
    url: `${url}/${name}`,
    fields,
    unfolds: signature !== null || unfolds(action, fields),
    multipart: fieldsIn(action.asks).some(([, schema]) => metaOf(schema).control === 'files'),
    money_seen: movesMoney(action) ? page.open : null,
    choices: asksChoices(action),
    signature,
    // After a 409 the page shows what changed, and the form waits until that is read.
    open: (form !== null && form.changes === null) || opened === name,
  };
}

/** What an action does; before a payment, first what to know of the bank details. */
function explainedIn(action: SubjectAction, { page, actor, i18n }: DocumentContext): string | null {
  const pays = action.asks?.shape['amount'] ?? action.asks?.shape['pay_on'];
  const warnings = pays ? bankWarnings(page, actor, i18n) : [];
  const call = warnings.length ? i18n.t('Call them on a number you already have.') : null;
  const words = [...warnings, call, action.explains && i18n.t(action.explains)].filter(Boolean);
  return words.join(' ') || null;
}

/**
 * What is usual and asks for nothing takes one click; the rest is explained first, and what sends a draft from its own
 * page has room for a message.
 */
const unfolds = ({ style, explains, errorPage }: SubjectAction, fields: Field[]) =>
  style === 'danger' ||
  (errorPage === 'edit' && fields.length > 0) ||
  fields.some(({ required }) => required) ||
  (style !== 'primary' && (fields.length > 0 || Boolean(explains)));

function signatureForm(page: DocumentPage, actor: Actor, { t }: I18n, form: FormState | null): SignatureForm {
  const typed = form?.input['signature'];
  return {
    intent: signingIntent(t, subjectLabel(t, page.type, page.number), page.to_party?.name ?? ''),
    terms: page.snapshot?.terms || null,
    value: (typeof typed === 'string' && typed) || (actor.name ?? ''),
    error: form?.errors['signature'] ?? form?.errors['agree'] ?? null,
  };
}

/** The kinds of fields that a form shows in place; others have a page of their own, or are nobody's to fill in. */
const KINDS: Partial<Record<Control, Field['kind']>> = {
  text: 'text',
  'long text': 'longtext',
  email: 'email',
  money: 'money',
  date: 'date',
  'near date': 'date',
  files: 'file',
  checkbox: 'checkbox',
  payment: 'choice',
  'any payment': 'choice',
};
const LABELS: Record<string, string> = {
  paid_on: 'Paid on',
  pay_on: 'To be paid on',
  promised_on: 'I’ll pay by',
  due_on: 'New deadline',
  delivery_on: 'Delivery date',
  amount: 'Amount',
  method: 'How it was paid',
  reference: 'Reference',
  reason: 'Reason',
  message: 'Message',
  name: 'Name',
  email: 'Email',
  invoice: 'Number of the invoice',
  payment: 'Payment',
};

/** The fields of an action's form. */
export function fieldsOf(
  action: SubjectAction,
  page: DocumentPage,
  i18n: I18n,
  form: Pick<FormState, 'input' | 'errors'> | null,
): Field[] {
  const initial = initialValues(action, page, i18n);
  return fieldsIn(action.asks)
    .filter(([name]) => !(name === 'reference' && isAnswered(action, page)))
    .flatMap(([name, schema]) => {
      const { control, label } = metaOf(schema);
      const kind = KINDS[control];
      // Optional files have a place of their own.
      if (!kind || (kind === 'file' && !label)) return [];
      // Asked only of who records more than is open.
      if (name === 'keep_credit' && !form?.errors['amount']) return [];
      const typed = form?.input[name];
      return {
        name,
        kind,
        label: i18n.t(label ?? labelOf(name, action, page)),
        ...(kind === 'choice' ? { choices: arrivedPayments(page, i18n, control === 'payment') } : {}),
        ...(control === 'near date' ? { near: nearChoices(i18n) } : {}),
        required: !isOptional(schema) || (name === 'reference' && page.reference_required),
        value: typeof typed === 'string' ? typed : (initial[name] ?? ''),
        error: form?.errors[name] ?? null,
        currency: page.currency,
        multiple: kind === 'file',
      };
    });
}

/** "Friday, December 4" */
const nearChoices = ({ format }: I18n): Choice[] =>
  nearDays(format.today()).map((value) => ({ value, label: format.weekday(value) }));

const movesMoney = ({ asks, effect }: SubjectAction) => Boolean(asks?.shape['amount']) || effect === 'clear';

/** The newest first: "$40.00 · Nov 20, 2026 · Bank transfer". `recorded`: those that can be reversed or moved alone. */
const arrivedPayments = ({ payments, currency }: DocumentPage, { t, format }: I18n, recorded: boolean): Choice[] =>
  payments
    .filter(({ gateway, state }) => (gateway === 'recorded' || !recorded) && state === 'succeeded')
    .toReversed()
    .map(({ id, amount, paid_on, method, reference }) => ({
      value: id,
      label: [format.money(amount, currency), paid_on && format.shortDate(paid_on), methodLabel(method, t), reference]
        .filter(Boolean)
        .join(' · '),
    }));

const asksChoices = ({ asks }: SubjectAction) => Boolean(asks?.shape['choices']);

/** Who accepts is asked for a reference only if it is required, or if there is none yet. */
const isAnswered = (action: SubjectAction, page: DocumentPage) =>
  asksChoices(action) && !page.reference_required && Boolean(page.reference);

function initialValues(action: SubjectAction, page: DocumentPage, { format }: I18n): Record<string, string> {
  const amount = action.effect === 'apply credit' ? Math.min(page.open, page.credit || page.open) : page.open;
  const due = page.due_on ?? '';
  return {
    amount: amount > 0 ? format.moneyInput(amount, page.currency) : '',
    paid_on: format.today(),
    pay_on: page.pay_on ?? due,
    due_on: due,
  };
}

function labelOf(name: string, action: SubjectAction, page: DocumentPage): string {
  if (name === 'reference' && asksChoices(action))
    return typeNamed(page.type).partner === 'customer' ? 'Your order number' : 'Your reference';
  return LABELS[name] ?? name;
}
