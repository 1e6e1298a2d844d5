import type pg from 'pg';
import { type Actor, type Query, type QueryRows, read } from '../../db/scope.js';
import { today } from '../../pages/days.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import { type Converted, converted, type PreferredRate, ratesTo } from './exchange_rates.js';

/** Reads a page's queries, and with them today's rates to the currency that its reader prefers, if they prefer one. */
export async function readWithRates<Queries extends readonly Query<unknown>[]>(
  pool: pg.Pool,
  actor: Actor,
  currency: string | null,
  ...queries: Queries
): Promise<[QueryRows<Queries>, PreferredRate[]]> {
  if (!currency) return [await read(pool, actor, ...queries), []];
  const results = await read(pool, actor, ratesTo(actor, currency, today(actor)), ...queries);
  const [rates, ...rest] = results;
  return [rest, rates];
}

interface I18n {
  t: Translate;
  format: Format;
}

/** "≈ €1,612.30" */
export const approximately = ({ minor, currency }: Converted, { format }: I18n): string =>
  `≈ ${format.money(minor, currency)}`;

/** "≈ €1,612.30 at 0.9302, Nov 28"; null if it is in that currency, or no rate leads there. */
export function preferredAmount(
  minor: number,
  currency: string,
  rates: readonly PreferredRate[],
  i18n: I18n,
): string | null {
  const amount = converted(minor, currency, rates);
  return amount && `${approximately(amount, i18n)} ${rateText(amount, i18n)}`;
}

/** "at 0.9302, Nov 28" */
export const rateText = ({ rate, day }: Converted, { t, format }: I18n): string =>
  t('at {{rate}}, {{day}}', { rate: format.number(rate), day: format.dayAndMonth(day) });
