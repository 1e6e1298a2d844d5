import { describeProfileChanges, type ProfileChange } from '../../activity/profile_changes.js';
import type { Change, Choice, Field, HiddenFields, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { ADDRESS_KINDS, detailsSeen } from '../../people/partner_profile/profile_details.js';
import { MOST_ROWS } from '../../people/partner_profile/profile_form.js';
import { TAX_ID_KINDS, TAX_ID_LABELS } from '../../people/partner_profile/tax_id.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { countryChoices } from '../shared/select_options.js';
import type { Profile } from './profile_request.js';

/** The fields of a form under a heading; an array is a row of them. */
interface FieldGroup {
  title: string;
  /** It stands behind its title, which opens it. */
  folded?: boolean;
  fields: (Field | Field[])[];
}

interface DetailsFormInput {
  title: string;
  back: Link;
  action: string;
  error: string | null;
  /** After a 409: what somebody else changed meanwhile. */
  changes: Change[];
  groups: FieldGroup[];
  hidden: HiddenFields;
}

export const detailsForm = defineView<DetailsFormInput>('profile/details');

/** The form as it was typed. */
export interface FormValues {
  values: Record<string, string>;
  errors: Errors;
  /** After a 409: what somebody else changed meanwhile. */
  changes: ProfileChange[] | null;
}

export function detailsFormView(
  ctx: RequestContext,
  { url, partner, details }: Profile,
  form: FormValues,
): DetailsFormInput {
  const t = translatorOf(ctx);
  const title = t('Edit details');
  return {
    title,
    back: { href: url, label: `← ${partner.name}` },
    action: `${url}/edit`,
    error: form.errors['form'] ?? null,
    changes: describeProfileChanges(form.changes ?? [], i18nOf(ctx.actor)),
    groups: [
      { title: t('Business'), fields: businessFields(ctx, form) },
      ...rowsOf(form.values, 'address').map((i) => addressGroup(ctx, form, `address_${i}_`)),
      { title: t('Tax IDs'), fields: rowsOf(form.values, 'tax').map((i) => taxFields(ctx, form, `tax_${i}_`)) },
    ],
    // After somebody else's change the form is about what is there now; else about what it was opened with.
    hidden: { seen: form.changes ? detailsSeen(details) : (form.values['seen'] ?? detailsSeen(details)) },
  };
}

type Translate = ReturnType<typeof translatorOf>;

/** An address that is there already, or an empty one, which is folded up unless it is the first. */
function addressGroup(ctx: RequestContext, form: FormValues, prefix: string): FieldGroup {
  const t = translatorOf(ctx);
  const filled = hasValue(form.values, prefix);
  return {
    title: filled ? t('Address') : t('Add an address'),
    folded: !filled && prefix !== 'address_0_',
    fields: addressFields(ctx, form, prefix),
  };
}

/** The numbers of the rows that are filled, and of an empty one. */
function rowsOf(values: Record<string, string>, name: string): number[] {
  const filled = Object.keys(values).flatMap((field) => new RegExp(`^${name}_(\\d)_`).exec(field)?.[1] ?? []);
  const last = Math.max(-1, ...filled.map(Number).filter((i) => hasValue(values, `${name}_${i}_`)));
  return Array.from({ length: Math.min(last + 2, MOST_ROWS) }, (_, i) => i);
}

/** Whether something was typed into a row; its choices stand for nothing. */
const hasValue = (values: Record<string, string>, prefix: string) =>
  Object.entries(values).some(
    ([name, value]) => name.startsWith(prefix) && !/_(kind|country)$/.test(name) && value.trim(),
  );

const fieldOf =
  ({ values, errors }: FormValues, prefix = '') =>
  (name: string, label: string, more: Partial<Field> = {}): Field => ({
    name: prefix + name,
    kind: 'text',
    label,
    value: values[prefix + name] ?? '',
    error: errors[prefix + name] ?? null,
    ...more,
  });

function businessFields(ctx: RequestContext, form: FormValues): FieldGroup['fields'] {
  const t = translatorOf(ctx);
  const field = fieldOf(form);
  return [
    [
      field('legal_name', t('Legal name'), { maxlength: 200, autocomplete: 'organization' }),
      field('trading_name', t('Trading name'), { maxlength: 200 }),
    ],
    [
      field('phone', t('Phone'), { kind: 'tel', maxlength: 40, autocomplete: 'tel' }),
      field('website', t('Website'), { maxlength: 200, autocomplete: 'url' }),
    ],
    field('registration_number', t('Registration number'), { maxlength: 60 }),
  ];
}

function addressFields(ctx: RequestContext, form: FormValues, prefix: string): FieldGroup['fields'] {
  const t = translatorOf(ctx);
  const field = fieldOf(form, prefix);
  const choices = [t('Billing'), t('Shipping'), t('Other')].map((label, i) => ({
    value: ADDRESS_KINDS[i] ?? '',
    label,
  }));
  return [
    field('kind', t('Used for'), { kind: 'choice', choices }),
    field('lines', t('Street address'), { kind: 'longtext', maxlength: 300, optional: false }),
    [
      field('city', t('City'), { maxlength: 100, optional: false }),
      field('region', t('State or region'), { maxlength: 100 }),
    ],
    [
      field('postal_code', t('Postal code'), { maxlength: 20 }),
      field('country', t('Country'), { kind: 'choice', choices: withBlank(countryChoices(ctx.actor.locale), t) }),
    ],
  ];
}

const withBlank = (choices: Choice[], t: Translate): Choice[] => [{ value: '', label: t('Choose …') }, ...choices];

function taxFields(ctx: RequestContext, form: FormValues, prefix: string): Field[] {
  const t = translatorOf(ctx);
  const field = fieldOf(form, prefix);
  const choices = TAX_ID_KINDS.map((value) => ({ value, label: t(TAX_ID_LABELS[value]) }));
  return [
    field('kind', t('Kind'), { kind: 'choice', choices }),
    field('number', t('Number'), { maxlength: 40, optional: false }),
  ];
}
