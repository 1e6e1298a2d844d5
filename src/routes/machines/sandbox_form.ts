import type { Request } from 'express';
import { plainLocale } from '../../input/locale_tag.js';
import type { Translate } from '../../pages/i18n.js';
import type { Field, HiddenFields } from '../../pages/views/components.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import { TEST_NUMBERS, TEST_ROUTING, type TestNumber } from '../../payments/gateways/sandbox/test_numbers.js';
import { submittedText } from '../../people/form_values.js';
import type { Errors } from '../shared/form.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { countryChoices } from '../shared/select_options.js';

/** The sandbox gateway's form of a card or an account, to pay with or to save. */
interface SandboxFormInput {
  /** Who gets the money, and for what. */
  about: string;
  /** The amount, or what is done. */
  title: string;
  action: string;
  cancel: { href: string; label: string };
  /** An array is a row of fields. */
  fields: (Field | Field[])[];
  billing: (Field | Field[])[];
  save: Field | null;
  errors: Errors;
  button: string;
  tests: { number: string; does: string }[];
}

export const sandboxForm = defineView<SandboxFormInput, BareLayout>('machines/sandbox_form');

/** What the form is for. */
export interface SandboxTask {
  method: TestNumber['method'];
  customer: string;
  about: string;
  title: (layout: BareLayout) => string;
  button: (layout: BareLayout) => string;
  cancel: { href: string; label: string };
  /** It asks whether to keep it. */
  asksToSave: boolean;
}

/** Neither number nor code comes back: they are typed again. */
const FORGOTTEN = new Set(['number', 'cvc', 'account']);

/** The form as it is, or with what was typed and what is wrong with it. */
export function sandboxFormPage(req: Request, task: SandboxTask, errors: Errors = {}): string {
  const layout = bareLayout(req, 'Sandbox');
  const { t } = i18nOf(layout);
  const typed = Object.entries(submittedText(req.body)).filter(([name]) => !FORGOTTEN.has(name));
  const form = { values: Object.fromEntries(typed), errors, locale: layout.locale, t };
  const card = task.method === 'card';
  return renderPage(sandboxForm, layout, {
    about: task.about,
    title: task.title(layout),
    action: req.path,
    cancel: { href: task.cancel.href, label: t(task.cancel.label) },
    fields: card ? cardFields(form) : accountFields(form),
    billing: card ? billingFields(form) : [],
    save: task.asksToSave ? saveField(task, form) : null,
    errors,
    button: task.button(layout),
    tests: TEST_NUMBERS.filter(({ method }) => method === task.method).map(({ number, does }) => ({
      number: card ? number.replace(/(.{4})(?=.)/g, '$1 ') : `${TEST_ROUTING} · ${number}`,
      does: t(does),
    })),
  });
}

interface Form {
  values: HiddenFields;
  errors: Errors;
  locale: string;
  t: Translate;
}

const fieldIn =
  ({ values, errors }: Form) =>
  (name: string, label: string, autocomplete: string, more: Partial<Field> = {}): Field => ({
    ...{ name, kind: 'text', label, autocomplete, value: values[name] ?? '', error: errors[name], required: true },
    ...more,
  });

function cardFields(form: Form): (Field | Field[])[] {
  const field = fieldIn(form);
  const { t } = form;
  return [
    field('number', t('Card number'), 'cc-number', { kind: 'tel', maxlength: 30 }),
    [
      field('expires', t('Expires (MM/YY)'), 'cc-exp', { kind: 'tel', maxlength: 9 }),
      field('cvc', t('Security code'), 'cc-csc', { kind: 'tel', maxlength: 4 }),
    ],
    field('name', t('Name on card'), 'cc-name', { maxlength: 100 }),
  ];
}

function billingFields(form: Form): (Field | Field[])[] {
  const { t, values, locale } = form;
  const field = fieldIn(form);
  const country = values['country'] ?? new Intl.Locale(plainLocale(locale)).maximize().region;
  return [
    field('street', t('Address'), 'billing street-address', { maxlength: 200 }),
    [
      field('city', t('City'), 'billing address-level2', { maxlength: 100 }),
      field('postal_code', t('ZIP or postal code'), 'billing postal-code', {
        maxlength: 12,
        required: false,
        optional: false,
      }),
    ],
    field('country', t('Country'), 'billing country', {
      kind: 'choice',
      choices: countryChoices(plainLocale(locale)),
      value: country,
    }),
  ];
}

function accountFields(form: Form): (Field | Field[])[] {
  const field = fieldIn(form);
  const { t } = form;
  return [
    field('holder', t('Account holder'), 'name', { maxlength: 100 }),
    field('routing', t('Routing number'), 'off', { kind: 'tel', maxlength: 20 }),
    field('account', t('Account number'), 'off', { kind: 'tel', maxlength: 30 }),
  ];
}

function saveField({ method, customer }: SandboxTask, { values, t }: Form): Field {
  const card = method === 'card';
  return {
    name: 'save',
    kind: 'checkbox',
    label: card ? t('Save for later') : t('Use this account for future transactions'),
    hint: card
      ? t('Save this card for {{customer}}. Anyone there who can pay can use it.', { customer })
      : t('Save this account for {{customer}}. Anyone there who can pay can use it.', { customer }),
    value: values['save'] ?? '',
  };
}
