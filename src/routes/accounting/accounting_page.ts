import { z } from 'zod';
import { read } from '../../db/scope.js';
import type { BookedPeriod } from '../../documents/bookkeeping/booked_entries.js';
import {
  accountingQuery,
  type AccountingSettings,
  settingsOf,
} from '../../documents/bookkeeping/accounting_settings.js';
import { currenciesBooked } from '../../documents/bookkeeping/booked_entries.js';
import { isDay } from '../../input/valid_input.js';
import { today } from '../../pages/days.js';
import type { Choice, Link, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered } from '../../subjects/may.js';
import type { Errors } from '../shared/form.js';
import { translated } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { textParam } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { presets } from '../statements/statement_period.js';
import { settingsUrl } from '../settings/settings_side.js';
import { FORMATS, isFormat, sendBooks } from './formats.js';

interface AccountingInput {
  action: string;
  currencies: Choice[];
  formats: Choice[];
  presets: Tab[];
  typed: { from: string; to: string; currency: string; format: string };
  errors: Errors;
  /** Where the accounts are set, for who may. */
  accounts: Link | null;
}

export const accountingView = defineView<AccountingInput>('accounting/show');

const Params = z.object({ from: textParam, to: textParam, currency: textParam, format: textParam });

/** Asks for a period and a program, or sends its file. */
export async function showAccounting(ctx: RequestContext) {
  const { db, actor, req, res } = ctx;
  const [rows, currencies] = await read(db.pool, actor, accountingQuery(actor), currenciesBooked(actor));
  const settings = settingsOf(rows);
  const known = currencies.map(({ currency }) => currency);
  const typed = typedIn(ctx, known);
  const asked = typeof req.query['format'] === 'string';
  const errors = asked ? errorsOf(typed, settings, known) : {};
  if (asked && Object.keys(errors).length === 0 && isFormat(typed.format)) {
    await sendBooks(ctx, typed.format, typed, settings);
    return;
  }
  res.status(asked ? 422 : 200).send(page(ctx, known, typed, errors));
}

type Typed = BookedPeriod & { format: string };

function typedIn({ req, actor, membership }: RequestContext, known: readonly string[]): Typed {
  const { from, to, currency, format } = Params.parse(req.query);
  const own = membership.organization_currency;
  const day = today(actor);
  const month = previousMonth(day);
  return {
    from: from || month.from,
    to: to || (from ? day : month.to),
    currency: currency || (known.includes(own) ? own : (known[0] ?? own)),
    format: format || FORMATS[0].name,
  };
}

function previousMonth(day: string) {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const iso = (day: number, of: number) => new Date(Date.UTC(year, of, day)).toISOString().slice(0, 10);
  return { from: iso(1, month - 2), to: iso(0, month - 1) };
}

function errorsOf(
  { from, to, currency, format }: Typed,
  settings: AccountingSettings,
  known: readonly string[],
): Errors {
  const errors = {
    from: isDay(from) ? '' : 'Give a date.',
    to: !isDay(to) ? 'Give a date.' : to < from ? 'The last day is before the first.' : '',
    currency: known.includes(currency) ? '' : 'Nothing is booked in this currency.',
    format: FORMATS.some(({ name }) => name === format) ? '' : 'Choose a format.',
  };
  const wrong = Object.fromEntries(Object.entries(errors).filter(([, message]) => message));
  if (Object.keys(wrong).length || format !== 'datev') return wrong;
  if (!settings.consultant_number || !settings.client_number)
    return { format: 'DATEV needs the numbers of the adviser and the client. Add them to the accounts.' };
  const year = yearOf(from, settings);
  return year === yearOf(to, settings) ? {} : { to: 'For DATEV, choose days of one financial year.' };
}

/** The first day of the organization's year that a day is in. */
export function yearOf(day: string, { first_month }: Pick<AccountingSettings, 'first_month'>): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return `${month < first_month ? year - 1 : year}-${String(first_month).padStart(2, '0')}-01`;
}

function page(ctx: RequestContext, known: readonly string[], typed: Typed, errors: Errors): string {
  const { actor, req } = ctx;
  const { t } = i18nOf(actor);
  const url = (more: Record<string, string>) => `${req.path}?${new URLSearchParams(more).toString()}`;
  return contextPage(ctx, accountingView, t('Accounting'), {
    action: req.path,
    currencies: known.map((currency) => ({ value: currency, label: currency })),
    formats: FORMATS.map(({ name, label, explains }) => ({ value: name, label: t(label), hint: t(explains) })),
    presets: presets(today(actor), typed, (days) => url({ ...days, currency: typed.currency }), t),
    ...{ typed, errors: translated(errors, t, {}) },
    accounts: isOffered(actor, 'taxes')
      ? { href: settingsUrl(ctx, 'organization/accounting'), label: t('Accounts') }
      : null,
  });
}
