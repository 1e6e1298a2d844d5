import { read, withActor } from '../../db/scope.js';
import {
  accountingQuery,
  type AccountingSettings,
  saveAccounting,
  settingsOf,
} from '../../documents/bookkeeping/accounting_settings.js';
import { type Chart, CHARTS } from '../../documents/bookkeeping/account_chart.js';
import { taxRates } from '../../documents/taxes/tax_rates.js';
import type { Translate } from '../../pages/i18n.js';
import type { Choice, Field } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { type AccountRow, accountRows, COLUMNS, parseAccounts, typedAccounts } from './accounts_form.js';

interface AccountsInput {
  side: SettingsSide;
  url: string;
  fields: Field[];
  columns: string[];
  /** A row for each account, with a cell by column; null: it has none. */
  rows: { label: string; cells: (Cell | null)[] }[];
  error: string | null;
  saved: boolean;
}

interface Cell {
  name: string;
  label: string;
  value: string;
  /** What the chart has. */
  usual: string;
  error: string | null;
}

export const accountsView = defineView<AccountsInput>('accounting/accounts');

const PAGE = 'organization/accounting';

const CHART_LABELS: Record<Chart, string> = {
  us: 'Four digits, as usual in the US',
  skr03: 'DATEV SKR03',
  skr04: 'DATEV SKR04',
};

const COLUMN_LABELS = { account: 'Account', tax_account: 'Tax account', tax_key: 'Tax key' } as const;

export async function showAccounts(ctx: RequestContext) {
  const { settings, rows } = await readAccounts(ctx);
  ctx.res.send(page(ctx, { settings, rows, values: typedAccounts(settings, rows), errors: {} }));
}

export function saveAccounts(ctx: RequestContext) {
  const work = async ({ db, actor, req }: RequestContext) => {
    const { rows } = await readAccounts(ctx);
    const settings = parseAccounts(req.body, rows);
    await withActor(db.knex, actor, (db) => saveAccounting(db, actor, settings));
    return `${settingsUrl(ctx, PAGE)}?saved=1`;
  };
  return submitOnce(ctx, work, async (errors) => {
    const { settings, rows } = await readAccounts(ctx);
    return page(ctx, { settings, rows, values: submittedText(ctx.req.body), errors });
  });
}

async function readAccounts({ db, actor }: RequestContext) {
  const [found, rates] = await read(db.pool, actor, accountingQuery(actor), taxRates(actor));
  const settings = settingsOf(found);
  return { settings, rows: accountRows(settings, rates) };
}

interface Shown {
  settings: AccountingSettings;
  rows: AccountRow[];
  values: Readonly<Record<string, string>>;
  errors: Errors;
}

function page(ctx: RequestContext, shown: Shown): string {
  const i18n = i18nOf(ctx.actor);
  const { t } = i18n;
  const { settings, rows, errors } = shown;
  const columns = COLUMNS.filter((column) => column !== 'tax_key' || settings.chart !== 'us');
  return contextPage(ctx, accountsView, t('Accounting'), {
    side: settingsSide(ctx, PAGE),
    url: settingsUrl(ctx, PAGE),
    fields: fieldsOf(ctx, shown, t),
    columns: columns.map((column) => t(COLUMN_LABELS[column])),
    rows: rows.map((row) => {
      const label = row.label(i18n);
      return {
        label,
        cells: columns.map((column) => cellOf(row, column, `${label}: ${t(COLUMN_LABELS[column])}`, shown)),
      };
    }),
    error: errors['form'] ?? null,
    saved: isSaved(ctx),
  });
}

function fieldsOf({ actor }: RequestContext, { values, errors }: Shown, t: Translate): Field[] {
  const field = (name: string, kind: Field['kind'], label: string, more: Partial<Field>): Field => ({
    ...{ name, kind, label, value: values[name] ?? '', error: errors[name] },
    ...more,
  });
  return [
    field('chart', 'choice', t('Chart of accounts'), {
      choices: CHARTS.map((value) => ({ value, label: t(CHART_LABELS[value]) })),
      hint: t('Accounts that you leave empty are those of the chart.'),
    }),
    field('first_month', 'choice', t('Financial year begins in'), { choices: monthChoices(actor.locale) }),
    field('consultant_number', 'text', t('Adviser’s number'), { maxlength: 7, hint: t('For DATEV') }),
    field('client_number', 'text', t('Client’s number'), { maxlength: 5, hint: t('For DATEV') }),
  ];
}

function cellOf(
  { name, usual, taxed }: AccountRow,
  column: (typeof COLUMNS)[number],
  label: string,
  { values, errors }: Shown,
): Cell | null {
  if (!taxed && column !== 'account') return null;
  const field = `${name}_${column}`;
  return { name: field, label, usual: usual[column], value: values[field] ?? '', error: errors[field] ?? null };
}

function monthChoices(locale: string): Choice[] {
  const names = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, n) => ({ value: String(n + 1), label: names.format(Date.UTC(2026, n)) }));
}
