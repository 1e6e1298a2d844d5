import type { Knex } from 'knex';
import { type Actor, type Query, queryPrepared } from '../../db/scope.js';
import type { LineTax } from '../content/content.js';

/** The categories of EN 16931 (BT-151), and what each is called. Of S alone the percentage is above zero. */
export const TAX_CATEGORIES = {
  S: 'Standard or reduced rate',
  Z: 'Zero rate',
  E: 'Exempt',
  AE: 'Reverse charge',
  K: 'Supply within the EU',
  G: 'Export',
  O: 'Not subject to tax',
} as const;

export type TaxCategory = keyof typeof TAX_CATEGORIES;

export const isCategory = (typed: string): typed is TaxCategory => Object.hasOwn(TAX_CATEGORIES, typed);

/** A tax of an organization. Percent as a decimal string; first and last day of its validity, null for open. */
export interface TaxRate {
  id: string;
  /** The same for all that took each other's place. */
  series: string;
  name: string;
  percent: string;
  category: TaxCategory;
  note: string;
  valid_from: string | null;
  valid_until: string | null;
  /** A document has it, so that it never changes. */
  used: boolean;
}

/** What of a tax never changes once documents have it. */
export const TERMS = ['name', 'percent', 'category', 'note'] as const;

type Terms = Pick<TaxRate, (typeof TERMS)[number]>;

export const haveSameTerms = (one: Terms, other: Terms): boolean => TERMS.every((name) => one[name] === other[name]);

/** So many an organization has, with those that have ended. */
export const MOST_RATES = 200;

/** The organization's taxes, for its staff. */
export const taxRates = ({ organization_id }: Actor): Query<TaxRate> => ({
  name: 'tax_rates',
  text: `select id, series, name, percent::text as percent, category, note, valid_from, valid_until,
      used_at is not null as used
    from tax_rates where organization_id = $1 order by lower(name), valid_from nulls first, id limit ${MOST_RATES}`,
  values: [organization_id],
});

/** The same, in a transaction. */
export const readTaxRates = (db: Knex.Transaction, actor: Actor): Promise<TaxRate[]> => {
  const { text, values = [] } = taxRates(actor);
  return queryPrepared<TaxRate>(db, text, values);
};

type Validity = Pick<TaxRate, 'valid_from' | 'valid_until'>;

export const isValidOn = ({ valid_from, valid_until }: Validity, day: string): boolean =>
  (valid_from === null || valid_from <= day) && (valid_until === null || day <= valid_until);

/** Of each series the tax that is valid on a day; where none is, its last, which is refused then. */
export const ratesOn = (rates: readonly TaxRate[], series: readonly string[], day: string): TaxRate[] =>
  series.flatMap((one) => {
    const own = rates.filter((rate) => rate.series === one);
    return own.find((rate) => isValidOn(rate, day)) ?? own.at(-1) ?? [];
  });

/** What was decided, as long as all of its taxes are there; null: nobody has said, or one was removed. */
export const decidedSeries = (rates: readonly TaxRate[], series: string[] | null | undefined): string[] | null =>
  series?.every((one) => rates.some((rate) => rate.series === one)) ? series : null;

/** A tax as a line keeps it. */
export const lineTax = ({ id, name, percent, category, note }: TaxRate): LineTax => ({
  ...{ id, name, rate: percent, category, note },
});
