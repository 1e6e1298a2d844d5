import { type QueryRows, read } from '../../../db/scope.js';
import { isId } from '../../../db/ids.js';
import { formatDecimalInput, fromMinor } from '../../../documents/content/decimals.js';
import { Invalid } from '../../../errors.js';
import { isDay } from '../../../input/valid_input.js';
import { defineView } from '../../../pages/views/render.js';
import { submittedText } from '../../../people/form_values.js';
import {
  type HourRates,
  ratesOfPeople,
  ratesOfVendors,
  saveTimeSettings,
  type TimeSettings,
  timeSettingsOf,
} from '../../../projects/time/time_rates.js';
import { submitOnce } from '../../acts/once.js';
import { moneyIn } from '../../forms/read_form.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from '../../settings/settings_side.js';
import type { Errors } from '../../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../../shared/request_context.js';

interface TimeRatesInput {
  side: SettingsSide;
  url: string;
  currency: string;
  closed_on: string;
  /** The first are those of who has none of their own. Fields by their names, as typed. */
  rows: { name: string; fields: (RateField & { label: string })[] }[];
  errors: Errors;
  saved: boolean;
}

interface RateField {
  name: string;
  value: string;
}

export const timeRatesView = defineView<TimeRatesInput>('projects/time/rates');

const PAGE = 'organization/time';

export const showTimeRates = async (ctx: RequestContext) => ctx.res.send(await ratesPage(ctx, {}, {}));

/** Saves the rates and the closed period, once. */
export async function saveTimeRates(ctx: RequestContext) {
  const { actor, db } = ctx;
  const typed = submittedText(ctx.req.body);
  const [[settings]] = await read(db.pool, actor, timeSettingsOf(actor));
  const work = async ({ db }: RequestContext) => {
    await saveTimeSettings(db.knex, actor, settingsIn(typed, actor.locale, settings?.currency ?? ''));
    return `${settingsUrl(ctx, PAGE)}?saved=1`;
  };
  return submitOnce(ctx, work, (errors) => ratesPage(ctx, typed, errors));
}

const MOST = 100_000_000;

/** @throws Invalid by field */
function settingsIn(typed: Readonly<Record<string, string>>, locale: string, currency: string): TimeSettings {
  const errors: Record<string, string> = {};
  const rate = (field: string): number | null => {
    const amount = moneyIn((typed[field] ?? '').trim(), { locale, currency });
    if (amount === undefined) return null;
    if (typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 && amount <= MOST) return amount;
    errors[field] = 'Enter an amount, or leave it empty.';
    return null;
  };
  const closed_on = typed['closed_on'] || null;
  if (closed_on !== null && !isDay(closed_on)) errors['closed_on'] = 'Give a date.';
  const people: Record<string, HourRates> = {};
  for (const field of Object.keys(typed)) {
    const id = field.replace(/^cost:/, '');
    if (field.startsWith('cost:') && isId(id)) people[id] = { cost_rate: rate(field), bill_rate: rate(`billed:${id}`) };
  }
  const settings = { closed_on, cost_rate: rate('cost'), bill_rate: rate('billed'), people };
  if (Object.keys(errors).length) throw new Invalid(errors);
  return settings;
}

const queriesOf = (actor: RequestContext['actor']) =>
  [timeSettingsOf(actor), ratesOfPeople(actor), ratesOfVendors(actor)] as const;

type Found = QueryRows<ReturnType<typeof queriesOf>>;

async function ratesPage(
  ctx: RequestContext,
  typed: Readonly<Record<string, string>>,
  errors: Errors,
): Promise<string> {
  const { db, actor } = ctx;
  const t = translatorOf(ctx);
  const [[settings], people, vendors]: Found = await read(db.pool, actor, ...queriesOf(actor));
  const currency = settings?.currency ?? '';
  const field = (name: string, rate: number | null | undefined): RateField => ({
    name,
    value:
      typed[name] ??
      (rate === null || rate === undefined ? '' : formatDecimalInput(fromMinor(rate, currency), actor.locale)),
  });
  const row = (name: string, of: string, cost: number | null | undefined, billed: number | null | undefined) => ({
    name,
    fields: [
      { label: t('Cost per hour'), ...field(`cost${of}`, cost) },
      { label: t('Billed per hour'), ...field(`billed${of}`, billed) },
    ],
  });
  return contextPage(ctx, timeRatesView, t('Time'), {
    ...{ side: settingsSide(ctx, PAGE), url: settingsUrl(ctx, PAGE), currency, errors, saved: isSaved(ctx) },
    closed_on: typed['closed_on'] ?? settings?.closed_on ?? '',
    rows: [
      row(t('Everyone else'), '', settings?.cost_rate, settings?.bill_rate),
      ...people.map(({ id, name, cost_rate, bill_rate }) => row(name, `:${id}`, cost_rate, bill_rate)),
      ...vendors.map(({ id, name, partner, cost_rate, bill_rate }) =>
        row(`${name} · ${partner}`, `:${id}`, cost_rate, bill_rate),
      ),
    ],
  });
}
