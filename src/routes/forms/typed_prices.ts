import { parseDecimal } from '../../documents/content/decimals.js';
import {
  lineAmount,
  type NamedRate,
  type Priced,
  type Totals,
  totalsOf,
  withOnePick,
} from '../../documents/content/totals.js';

// What a form comes to while it is typed. Browsers run this very file (see pages/assets.ts).

/** A row of a draft's lines as it was typed, as far as its amount depends on it. */
type TypedPrice = Record<
  'description' | 'quantity' | 'price' | 'discount' | 'tax' | 'tax_2' | 'tax_3' | 'choice' | 'group',
  string | undefined
>;

/** The taxes to choose from by their values in the form, and the values of those that the partner pays. */
export interface TypedTaxes {
  named: Readonly<Record<string, NamedRate>>;
  partner: readonly string[];
}

const NO_TAXES: TypedTaxes = { named: {}, partner: [] };

/** The amount of each row (null: it is empty, or has something that is no number) and the totals of those with one. */
export function typedTotals(
  rows: TypedPrice[],
  locale: string,
  currency: string,
  tax_included: boolean,
  taxes = NO_TAXES,
): { amounts: (number | null)[]; sums: Totals } {
  const priced = rows.map((row) => pricedRow(row, locale, taxes));
  return {
    amounts: priced.map((line) => line && lineAmount(line, currency)),
    sums: totalsOf(withOnePick(priced.filter((line) => line !== null)), currency, tax_included),
  };
}

function pricedRow(row: TypedPrice, locale: string, taxes: TypedTaxes): (Priced & { group_name: string }) | null {
  const { description, quantity, price, discount, choice = '', group = '' } = row;
  if (!description && !price) return null;
  const read = (typed: string | undefined, empty: string) => (typed ? parseDecimal(typed, locale) : empty);
  const [units, unit_price] = [read(quantity, '1'), read(price, '0')];
  const [discount_percent, { tax_rate, named }] = [read(discount, '0'), typedTax(row, locale, taxes)];
  if (units === null || unit_price === null || discount_percent === null || tax_rate === null) return null;
  return {
    ...{ quantity: units, unit_price, discount_percent, tax_rate, taxes: named },
    choice: choice === 'alternative' ? choice : choice ? 'optional' : '',
    picked: choice !== 'optional_off',
    refused: false,
    group_name: group,
  };
}

/** A percentage (null: it is none), or taxes by their names. */
function typedTax({ tax = '', tax_2 = '', tax_3 = '' }: TypedPrice, locale: string, { named, partner }: TypedTaxes) {
  const values = [...(tax === 'partner' ? partner : [tax]), tax_2, tax_3];
  const found = values.map((value) => named[value]).filter((one) => one !== undefined);
  const typed = tax === '' || tax === 'partner' || found.length ? '0' : parseDecimal(tax, locale);
  return { tax_rate: typed, named: found };
}

/** A line with the quantity and price that a vendor typed; empty leaves its own. What is no number counts as 0. */
export function pricedAnswer<Line extends Priced>(
  line: Line,
  typed: { quantity?: string | undefined; price?: string | undefined },
  locale: string,
): Line {
  const read = (text: string | undefined, own: string) => (text ? (parseDecimal(text, locale) ?? '0') : own);
  return { ...line, quantity: read(typed.quantity, line.quantity), unit_price: read(typed.price, line.unit_price) };
}
