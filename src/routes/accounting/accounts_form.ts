import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccountingSettings } from '../../documents/bookkeeping/accounting_settings.js';
import {
  type Booked,
  type Chart,
  chartAccount,
  CHARTS,
  type OwnAccount,
  PURPOSES,
  type Purpose,
  taxNamed,
} from '../../documents/bookkeeping/account_chart.js';
import type { BookedTax } from '../../documents/bookkeeping/split.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import type { TaxRate } from '../../documents/taxes/tax_rates.js';
import { Invalid } from '../../errors.js';
import { line, readForm, submittedText } from '../../people/form_values.js';

/** A row of the table of accounts. `name` begins its fields' names. */
export interface AccountRow {
  name: string;
  purpose: Purpose;
  /** As `OwnAccount` has it. */
  tax: string;
  label: (i18n: I18n) => string;
  /** What the chart has. */
  usual: Booked;
  taxed: boolean;
}

/** Percentages that are typed on lines, and that vendors' bills have, where the chart tells them apart. */
const TYPED = ['19', '7'];

/** Each account by its purpose; sales by the organization's taxes, purchases by percentage. */
export function accountRows({ chart }: Pick<AccountingSettings, 'chart'>, rates: readonly TaxRate[]): AccountRow[] {
  const typed = chart === 'us' ? [] : TYPED.map((rate) => ({ name: '', rate, category: '' }));
  const named = rates.map(({ name, percent, category }) => ({ name, rate: percent, category }));
  const once = [...new Map([...named, ...typed].map((tax) => [taxNamed(tax), tax])).values()];
  const of: Partial<Record<Purpose, BookedTax[]>> = { sales: once, purchases: typed };
  return purposes.flatMap((purpose) => {
    const taxes = of[purpose] ?? [];
    return [
      ...taxes.map((tax) => accountRow(chart, purpose, tax, { name: `${purpose}_${shortOf(tax)}`, others: false })),
      accountRow(chart, purpose, null, { name: purpose, others: taxes.length > 0 }),
    ];
  });
}

/** Of a tax, in the names of its fields: whatever else is added meanwhile, they stay those of this one. */
const shortOf = (tax: BookedTax) => createHash('sha256').update(taxNamed(tax)).digest('hex').slice(0, 12);

/** `others`: stands below those with taxes of their own. */
const accountRow = (
  chart: Chart,
  purpose: Purpose,
  tax: BookedTax | null,
  { name, others }: { name: string; others: boolean },
): AccountRow => ({
  ...{ name, purpose, tax: tax ? taxNamed(tax) : '', usual: chartAccount(chart, purpose, tax) },
  taxed: purpose === 'sales' || purpose === 'purchases',
  label: ({ t, format }) => {
    const label = t(PURPOSES[purpose]);
    if (tax) return `${label}, ${taxLabel(tax, format)}`;
    return others ? t('{{account}}, others', { account: label }) : label;
  },
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own keys
const purposes = Object.keys(PURPOSES) as Purpose[];

/** As the form has it. */
export function typedAccounts(settings: AccountingSettings, rows: readonly AccountRow[]): Record<string, string> {
  const { chart, first_month, consultant_number, client_number, own } = settings;
  const cells = rows.flatMap(({ name, purpose, tax }) => {
    const mine = own.find((one) => one.purpose === purpose && one.tax === tax);
    return mine ? COLUMNS.map((column) => [`${name}_${column}`, mine[column]]) : [];
  });
  return { chart, first_month: String(first_month), consultant_number, client_number, ...Object.fromEntries(cells) };
}

/** What is set of each account: what comes before them in a field's name is the row's. */
export const COLUMNS = ['account', 'tax_account', 'tax_key'] as const;

const Typed = z.object({
  chart: z.enum(CHARTS, 'Choose a chart.'),
  first_month: line(2)
    .refine((typed) => /^([1-9]|1[0-2])$/.test(typed), 'Choose a month.')
    .transform(Number),
  consultant_number: line(7).refine((typed) => /^(\d{4,7})?$/.test(typed), 'Four to seven digits.'),
  client_number: line(5).refine((typed) => /^\d{0,5}$/.test(typed), 'At most five digits.'),
});

/** The settings as they were typed. @throws Invalid by field */
export function parseAccounts(body: unknown, rows: readonly AccountRow[]): AccountingSettings {
  const fields = readForm(Typed, body);
  const typed = submittedText(body);
  const errors: Record<string, string> = {};
  const own = rows.flatMap(({ name, purpose, tax }): OwnAccount[] => {
    const [account = '', tax_account = '', tax_key = ''] = COLUMNS.map((column) => typed[`${name}_${column}`]?.trim());
    for (const [column, value] of Object.entries({ account, tax_account }))
      if (!/^[0-9A-Za-z.:-]{0,12}$/.test(value)) errors[`${name}_${column}`] = 'Use up to 12 letters and digits.';
    if (!/^\d{0,4}$/.test(tax_key)) errors[`${name}_tax_key`] = 'Up to four digits.';
    if (!account && (tax_account || tax_key)) errors[`${name}_account`] = 'Fill this in.';
    return account ? [{ purpose, tax, account, tax_account, tax_key }] : [];
  });
  if (Object.keys(errors).length) throw new Invalid(errors);
  return { ...fields, own };
}
