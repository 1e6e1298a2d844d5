import type { Actor } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import { fromMinor } from '../../documents/content/decimals.js';
import { keyOf } from '../../documents/content/document.js';
import { actionsFor } from '../../documents/acting/lifecycle.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { type Action, assuranceFor, isSigned, type Question, typeNamed } from '../../document_types/index.js';
import { documentLabel } from '../../activity/sentence.js';
import { signingIntent } from '../../signing/signature.js';
import type { FormState } from './form_return.js';

/**
 * What this reader can do now: the actions that have a button, and the pages that lead on. `opened`: whose form
 * stands open.
 */
export function actionViews(
  page: DocumentPage,
  actor: Actor,
  slug: string,
  i18n: I18n,
  returned: FormState | null,
  opened: string | null,
) {
  const { t } = i18n;
  const url = `/${slug}/documents/${keyOf(page)}`;
  const leads = (typeNamed(page.type).nextSteps ?? [])
    .filter(({ by, from }) => by === actor.side && from.includes(page.state))
    .map(({ label, style, to }) => ({
      ...PLAIN,
      name: to,
      label: t(label),
      style: style ?? 'plain',
      href: `/${slug}/${to.replace('{{key}}', keyOf(page))}`,
      url: '',
    }));
  const shown = Object.entries(actionsFor(page, actor, today(actor))).filter(([, action]) => action.label);
  return [
    ...leads,
    ...shown.map(([name, action]) => actionView(name, action, page, actor, url, i18n, returned, opened)),
  ];
}

const PLAIN = {
  needs_code: false,
  explains: null,
  fields: [],
  open: false,
  multipart: false,
  choices: false,
  signature: null,
};

function actionView(
  name: string,
  action: Action,
  page: DocumentPage,
  actor: Actor,
  url: string,
  i18n: I18n,
  returned: FormState | null,
  opened: string | null,
) {
  const { t } = i18n;
  const mine = returned?.action === name ? returned : null;
  const needs_code = actor.assurance === 'link' && assuranceFor(action, actor.side, page) === 'verified';
  const href = action.formPage ? `${url}/${action.formPage}` : name === 'send' ? `${url}/preview` : null;
  return {
    name,
    needs_code,
    label: t(isSigned(action, page) ? `${action.label} and sign` : (action.label ?? name)),
    explains: action.explains ? t(action.explains) : null,
    style: action.style ?? 'plain',
    href: needs_code ? `/verify?return_to=${encodeURIComponent(`${url}?open=${name}`)}` : href,
    url: `${url}/${name}`,
    fields: fieldsOf(action, page, i18n, mine),
    multipart: Object.values(action.asks ?? {}).some((question) => question.startsWith('file')),
    choices: action.contentChange === 'choices',
    signature: isSigned(action, page) ? signatureView(action, page, actor, i18n, mine) : null,
    open: (mine !== null && mine.changes === null) || opened === name,
  };
}

/** What the one who signs agrees to, and what they typed. */
function signatureView(action: Action, page: DocumentPage, actor: Actor, { t }: I18n, returned: FormState | null) {
  const text = (name: string) => (typeof returned?.input[name] === 'string' ? returned.input[name] : '');
  return {
    intent: signingIntent(t, documentLabel(t, page.type, page.number), page.to_party?.name ?? ''),
    terms: page.snapshot?.terms || null,
    value: text('signature') || (actor.name ?? ''),
    error: returned?.errors['signature'] ?? returned?.errors['agree'] ?? null,
  };
}

const KINDS: Record<string, string> = {
  text: 'text',
  'long text': 'longtext',
  email: 'email',
  money: 'money',
  date: 'date',
  file: 'file',
};
const LABELS: Record<string, string> = {
  paid_on: 'Paid on',
  pay_on: 'To be paid on',
  due_on: 'New deadline',
  delivery_on: 'Delivery date',
  amount: 'Amount',
  method: 'How it was paid',
  reference: 'Reference',
  reason: 'Reason',
  message: 'Message',
  name: 'Name',
  email: 'Email',
  proof: 'The proof',
  invoice: 'Invoice',
};

/** The form of an action, drawn from what it asks. Files are sent as `files`. */
export function fieldsOf(
  action: Action,
  page: DocumentPage,
  { t, format }: I18n,
  returned: Pick<FormState, 'input' | 'errors'> | null,
) {
  const amount = action.effect === 'apply credit' ? Math.min(page.open, page.credit || page.open) : page.open;
  const due = page.due_on ?? '';
  const initial: Record<string, string> = {
    amount: fromMinor(amount, page.currency),
    paid_on: format.today(),
    pay_on: page.pay_on ?? due,
    due_on: due,
  };
  return Object.entries(action.asks ?? {})
    .filter(([, question]) => question !== 'document')
    .filter(
      ([name]) =>
        name !== 'reference' || action.contentChange !== 'choices' || page.reference_required || !page.reference,
    )
    .map(([name, question]: [string, Question]) => {
      const kind = KINDS[question.replace('?', '')] ?? 'text';
      return {
        name: kind === 'file' ? 'files' : name,
        kind,
        label: t(labelOf(name, action, page)),
        required: !question.endsWith('?') || (name === 'reference' && page.reference_required),
        value: typeof returned?.input[name] === 'string' ? returned.input[name] : (initial[name] ?? ''),
        error: returned?.errors[name] ?? null,
        currency: page.currency,
        multiple: kind === 'file',
      };
    });
}

const labelOf = (name: string, action: Action, page: DocumentPage) => {
  if (name === 'reference' && action.contentChange === 'choices')
    return typeNamed(page.type).partner === 'customer' ? 'Your order number' : 'Your reference';
  if (name === 'invoice') return action.asks?.['invoice'] === 'file' ? 'Your invoice' : 'Number of the invoice';
  return LABELS[name] ?? name;
};
