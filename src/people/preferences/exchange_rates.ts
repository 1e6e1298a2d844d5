import { Big } from 'big.js';
import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { currencyDigits, fromMinor } from '../../input/currency.js';
import { requireMay } from '../../subjects/may.js';

/** One unit of `from_currency` is worth `rate` of `to_currency` since `day`. A decimal string. */
export interface ExchangeRate {
  from_currency: string;
  to_currency: string;
  day: string;
  rate: string;
}

/** A rate to or from the currency that a reader prefers. */
export interface PreferredRate extends ExchangeRate {
  preferred: string;
}

/** The newest rate of each currency to or from the one that a reader prefers, not after the day. */
export const ratesTo = (actor: Actor, currency: string, day: string): Query<PreferredRate> => ({
  name: 'rates_to',
  text: 'select $2 as preferred, from_currency, to_currency, day, rate::text from latest_rates($1, $2, $3)',
  values: [actor.organization_id, currency, day],
});

/** The newest rates of an organization, whatever their day. */
export const newestRates = ({ organization_id }: Actor): Query<ExchangeRate & { name: string }> => ({
  name: 'newest_rates',
  text: `select r.from_currency, r.to_currency, r.day, r.rate::text, p.name
    from (select * from exchange_rates where organization_id = $1 order by id desc limit 100) r
    cross join lateral (select name from people p where p.organization_id = $1 and p.id = r.person_id limit 1) p
    order by r.id desc`,
  values: [organization_id],
});

/** Adds rates, and records it. @throws NotAllowed for all but the owner and admins */
export const addRates = (db: Knex, actor: Actor, rates: ExchangeRate[]): Promise<void> =>
  withActor(db, actor, async (db) => {
    requireMay(actor, 'administration');
    const { organization_id, person_id } = actor;
    await db('exchange_rates').insert(rates.map((rate) => ({ ...rate, organization_id, person_id, id: newId() })));
    await record(db, actor, { action: 'add_rates', details: { count: rates.length }, visible_to: 'staff' });
  });

/** An amount in another currency, in minor units of that, with what it was multiplied by. */
export interface Converted {
  minor: number;
  currency: string;
  /** A decimal string with 5 significant digits. */
  rate: string;
  day: string;
}

/** An amount in the currency of these rates; null if it is in it already, or no rate leads there. */
export function converted(minor: number, currency: string, rates: readonly PreferredRate[]): Converted | null {
  const direct = rates.find((rate) => rate.from_currency === currency);
  const found = direct ?? rates.find((rate) => rate.to_currency === currency);
  if (!found || found.preferred === currency) return null;
  const factor = direct ? Big(direct.rate) : Big(1).div(found.rate);
  const amount = Big(fromMinor(minor, currency)).times(factor);
  const converted = Number(amount.times(10 ** currencyDigits(found.preferred)).round(0));
  if (!Number.isSafeInteger(converted)) return null;
  return {
    minor: converted,
    currency: found.preferred,
    rate: factor.prec(5).toFixed(),
    day: found.day,
  };
}
