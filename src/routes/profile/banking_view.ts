import { describeProfileChanges, HOLDER_TYPES, type ProfileChange } from '../../activity/profile_changes.js';
import type { Change, Danger, Field, HiddenFields, Link, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { accountsSeen } from '../../people/banking/bank_accounts.js';
import { ACCOUNT_KINDS, type AccountKind, type BankNumbers, NUMBER_FIELDS } from '../../people/banking/bank_number.js';
import { accountKind } from '../../people/banking/bank_account_form.js';
import { isFresh } from '../../people/sign_in/fresh_code.js';
import type { Errors } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { countryChoices, currencyChoices } from '../shared/select_options.js';
import type { AccountRow } from './profile_queries.js';
import type { Profile } from './profile_request.js';
import { accountLabel, originOf, type Origin } from './profile_view.js';

interface BankAccountInput {
  title: string;
  back: Link;
  origin: Origin;
  facts: { label: string; value: string }[];
  /** Null while they are hidden. */
  numbers: { label: string; value: string }[] | null;
  ending: string;
  /** Where the numbers are shown: by a form, or by a code first. */
  show: { url: string; by_form: boolean };
  replace_url: string;
  danger: Danger;
  hidden: HiddenFields;
}

export const bankAccountShow = defineView<BankAccountInput>('profile/bank_account');

export function bankAccountView(
  { req, actor, membership }: RequestContext,
  profile: Profile,
  account: AccountRow,
  numbers: BankNumbers | null,
): BankAccountInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { url, partner } = profile;
  const own = `${url}/banking/${account.id}`;
  return {
    title: accountLabel(account),
    back: { href: url, label: `← ${partner.name}` },
    origin: originOf(account, membership.organization, i18n),
    facts: accountFacts(account, actor.locale, t),
    numbers: numbers && numberFacts(account.kind, numbers, t),
    ending: `•••• ${account.last_four}`,
    show: isFresh(identityOf(req).session)
      ? { url: `${own}/show`, by_form: true }
      : { url: `/verify?return_to=${encodeURIComponent(own)}`, by_form: false },
    replace_url: `${url}/banking/new?currency=${account.currency}`,
    danger: {
      action: `${own}/remove`,
      label: t('Remove account'),
      explains: t('Payments in {{currency}} will have no account to go to. We’ll email everyone concerned.', {
        currency: account.currency,
      }),
    },
    hidden: { seen: accountsSeen(profile.accounts) },
  };
}

type Translate = ReturnType<typeof i18nOf>['t'];

const accountFacts = (
  { kind, holder, holder_type, bank_name, country, currency }: AccountRow,
  locale: string,
  t: Translate,
) => [
  { label: t('Account holder'), value: holder },
  ...(kind === 'us' ? [{ label: t('This account belongs to'), value: t(HOLDER_TYPES[holder_type]) }] : []),
  { label: t('Bank'), value: bank_name },
  { label: t('Country of the bank'), value: new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country },
  { label: t('Currency'), value: currency },
];

const numberFacts = (kind: AccountKind, numbers: BankNumbers, t: Translate) =>
  Object.entries(NUMBER_FIELDS[kind])
    .map(([name, label]) => ({ label: t(label), value: numbers[name] ?? '' }))
    .filter(({ value }) => value);

/** The form of an account as it was typed. */
export interface AccountForm {
  values: Record<string, string>;
  errors: Errors;
  /** After a 409: what somebody else changed meanwhile. */
  changes: ProfileChange[] | null;
  /** The account that it takes the place of. */
  old: AccountRow | undefined;
}

interface AccountFormInput {
  title: string;
  back: Link;
  text: string;
  tabs: Tab[];
  action: string;
  error: string | null;
  changes: Change[];
  fields: (Field | Field[])[];
  hidden: HiddenFields;
}

export const bankAccountForm = defineView<AccountFormInput>('profile/bank_account_form');

export const KIND_LABELS: Readonly<Record<AccountKind, string>> = { iban: 'IBAN', us: 'US account', other: 'Other' };

/** An account in dollars is most likely in the United States. */
export const usualKind = (values: AccountForm['values']): AccountKind =>
  values['kind'] ? accountKind(values['kind']) : values['currency'] === 'USD' ? 'us' : 'iban';

export function accountFormView({ actor }: RequestContext, profile: Profile, form: AccountForm): AccountFormInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { url, partner, accounts } = profile;
  const kind = usualKind(form.values);
  const { old, changes, values } = form;
  const query = old ? `currency=${old.currency}&` : '';
  return {
    title: old ? t('Change the account for {{currency}}', { currency: old.currency }) : t('Add account'),
    back: { href: url, label: `← ${partner.name}` },
    text: t('We’ll email both sides about this. The people who pay see a warning for 7 days.'),
    tabs: ACCOUNT_KINDS.map((name) => ({
      href: `${url}/banking/new?${query}kind=${name}`,
      label: t(KIND_LABELS[name]),
      current: name === kind,
    })),
    action: `${url}/banking`,
    error: form.errors['form'] ?? null,
    changes: describeProfileChanges(changes ?? [], i18n),
    fields: [...(kind === 'us' ? [holderField(form, t)] : []), ...accountFields(form, kind, actor.locale, t)],
    hidden: { kind, seen: changes ? accountsSeen(accounts) : (values['seen'] ?? accountsSeen(accounts)) },
  };
}

const holderField = ({ values, errors }: AccountForm, t: Translate): Field => ({
  ...{ name: 'holder_type', kind: 'radio', label: t('This account belongs to'), required: true },
  value: values['holder_type'] ?? '',
  error: errors['holder_type'] ?? null,
  choices: Object.entries(HOLDER_TYPES).map(([value, label]) => ({ value, label: t(label) })),
});

export function accountFields(
  form: Pick<AccountForm, 'values' | 'errors'>,
  kind: AccountKind,
  locale: string,
  t: Translate,
): (Field | Field[])[] {
  const field = (name: string, label: string, more: Partial<Field> = {}): Field => ({
    name,
    kind: 'text',
    label,
    value: form.values[name] ?? '',
    error: form.errors[name] ?? null,
    required: true,
    autocomplete: 'off',
    ...more,
  });
  const numbers = Object.entries(NUMBER_FIELDS[kind]).map(([name, label]) =>
    field(name, t(label), {
      maxlength: name === 'details' ? 500 : 60,
      required: name !== 'bic' && name !== 'details',
      kind: name === 'details' ? 'longtext' : 'text',
    }),
  );
  const choose = { value: '', label: t('Choose …') };
  return [
    field('holder', t('Account holder'), { maxlength: 140 }),
    ...numbers,
    field('bank_name', t('Bank'), { maxlength: 140 }),
    [
      field('country', t('Country of the bank'), { kind: 'choice', choices: [choose, ...countryChoices(locale)] }),
      field('currency', t('Currency'), { kind: 'choice', choices: currencyChoices(locale) }),
    ],
  ];
}
