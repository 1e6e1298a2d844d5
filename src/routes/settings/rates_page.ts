import { z } from 'zod';
import { read } from '../../db/scope.js';
import { systemActor, withActor } from '../../db/scope.js';
import { recountForeign } from '../../documents/budget/recount_budget.js';
import { Invalid } from '../../errors.js';
import { CURRENCIES } from '../../input/fields.js';
import { readNumber } from '../../input/read_number.js';
import { isDay } from '../../input/valid_input.js';
import { today } from '../../pages/days.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { line, readForm, submittedText, text } from '../../people/form_values.js';
import { addRates, type ExchangeRate, newestRates } from '../../people/preferences/exchange_rates.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { currencyChoices } from '../shared/select_options.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from './settings_side.js';

interface RatesInput {
  side: SettingsSide;
  url: string;
  rates: { pair: string; rate: string; day: string; by: string }[];
  currencies: Choice[];
  values: Readonly<Record<string, string>>;
  errors: Errors;
  saved: boolean;
}

export const ratesView = defineView<RatesInput>('settings/rates');

const MAX_LINES = 1000;
const MAX_RATE = 1_000_000_000;

export const showRates = async (ctx: RequestContext) => ctx.res.send(await ratesPage(ctx));

export function saveRates(ctx: RequestContext) {
  const { req, actor } = ctx;
  const work = async ({ db }: RequestContext) => {
    await addRates(db.knex, actor, ratesIn(ctx));
    const { organization_id } = actor;
    if (organization_id)
      await withActor(db.knex, systemActor(organization_id, actor.person_id), (db) =>
        recountForeign(db, organization_id),
      );
    return `${settingsUrl(ctx, 'organization/rates')}?saved=1`;
  };
  return submitOnce(ctx, work, (errors) => ratesPage(ctx, errors, submittedText(req.body)));
}

const Typed = z.object({
  from_currency: line(3),
  to_currency: line(3),
  day: line(10),
  rate: line(30),
  pasted: text(100_000),
});

/** The lines that were pasted, or else the one that was typed. @throws Invalid by field */
function ratesIn({ req, actor }: RequestContext): ExchangeRate[] {
  const { pasted, ...typed } = readForm(Typed, req.body);
  const check = (fields: ExchangeRate) => errorsOf(fields, today(actor));
  const number = (written: string) => readNumber(written, actor.locale) ?? '';
  if (!pasted) {
    const rate = { ...typed, rate: number(typed.rate) };
    const errors = check(rate);
    if (Object.keys(errors).length) throw new Invalid(errors);
    return [rate];
  }
  const lines = pasted.split('\n').filter((one) => one.trim());
  if (lines.length > MAX_LINES) throw new Invalid({ pasted: 'Use at most {{most}} lines.' }, { most: MAX_LINES });
  return lines.map((one, n) => {
    const [from_currency = '', to_currency = '', day = '', rate = ''] = cellsOf(one);
    const found = { from_currency, to_currency, day, rate: number(rate) };
    const [error] = Object.values(check(found));
    if (error) throw new Invalid({ pasted: 'Line {{n}}: {{error}}' }, { n: n + 1, error: { text: error } });
    return found;
  });
}

/** Of a spreadsheet or a CSV: by tabs, semicolons, or commas. */
const cellsOf = (line: string): string[] => {
  const separator = ['\t', ';', ','].find((mark) => line.includes(mark)) ?? '\t';
  return line.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
};

function errorsOf({ from_currency, to_currency, day, rate }: ExchangeRate, today: string): Record<string, string> {
  const errors = {
    from_currency: CURRENCIES.has(from_currency) ? '' : 'Choose a currency.',
    to_currency: !CURRENCIES.has(to_currency)
      ? 'Choose a currency.'
      : to_currency === from_currency
        ? 'Choose another currency.'
        : '',
    day: !isDay(day) ? 'Give a date.' : day > today ? 'Choose a day that isn’t in the future.' : '',
    rate: Number(rate) > 0 && Number(rate) <= MAX_RATE ? '' : 'Enter a rate, like 0.9302.',
  };
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message));
}

async function ratesPage(ctx: RequestContext, errors: Errors = {}, typed: Record<string, string> = {}) {
  const { db, actor } = ctx;
  const [rates] = await read(db.pool, actor, newestRates(actor));
  const { t, format } = i18nOf(actor);
  const [last] = rates;
  return contextPage(ctx, ratesView, t('Exchange rates'), {
    side: settingsSide(ctx, 'organization/rates'),
    url: settingsUrl(ctx, 'organization/rates'),
    rates: rates.map(({ from_currency, to_currency, day, rate, name }) => ({
      pair: `${from_currency} → ${to_currency}`,
      rate: format.number(rate),
      day: format.shortDate(day),
      by: name,
    })),
    currencies: [{ value: '', label: t('Choose') }, ...currencyChoices(actor.locale)],
    values: {
      ...{ from_currency: last?.from_currency ?? '', to_currency: last?.to_currency ?? '', day: today(actor) },
      ...typed,
    },
    errors,
    saved: isSaved(ctx),
  });
}
