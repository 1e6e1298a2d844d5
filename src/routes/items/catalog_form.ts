import { z } from 'zod';
import { isId } from '../../db/ids.js';
import { formatDecimalInput, parseDecimal } from '../../documents/content/decimals.js';
import type { ItemFields, ItemPrice, ItemVendor } from '../../documents/items/item.js';
import { ratesOn, type TaxRate } from '../../documents/taxes/tax_rates.js';
import { knownRates } from '../../documents/taxes/partner_taxes.js';
import { Invalid } from '../../errors.js';
import { CURRENCIES } from '../../input/fields.js';
import { undrawable } from '../../pages/fonts/drawable.js';
import { line, readForm, required, text } from '../../people/form_values.js';
import { type Fields, many } from '../forms/field_values.js';

/** An item's form as it was typed. */
export interface TypedItem {
  values: Record<'code' | 'name' | 'description' | 'unit' | 'group_name' | 'cost', string>;
  prices: { currency: string; price: string }[];
  vendors: { partner: string; code: string; price: string; currency: string }[];
  taxes: string[];
}

const MOST_ROWS = 20;
const Texts = z.object({
  code: line(60),
  name: required(200),
  description: text(1500),
  unit: line(40),
  group_name: line(80),
});
const NAMES = ['code', 'name', 'description', 'unit', 'group_name', 'cost'] as const;

/** The form as it was sent, right or wrong. */
export function typedItem(body: Fields): TypedItem {
  const column = (name: string) => many(body, name).slice(0, MOST_ROWS);
  const [amounts, codes, prices, currencies] = ['price', 'vendor_code', 'vendor_price', 'vendor_currency'].map(column);
  const own = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
  return {
    values: Object.fromEntries(NAMES.map((name) => [name, own(name)])) as TypedItem['values'],
    prices: column('price_currency').map((currency, n) => ({
      ...{ currency: currency.toUpperCase(), price: amounts?.[n] ?? '' },
    })),
    vendors: column('vendor').map((partner, n) => ({
      ...{ partner, code: codes?.[n] ?? '', price: prices?.[n] ?? '', currency: (currencies?.[n] ?? '').toUpperCase() },
    })),
    taxes: [...new Set(many(body, 'taxes').filter(Boolean))],
  };
}

/** The form of an item as it is. */
export function itemValues(item: ItemFields, rates: readonly TaxRate[], locale: string, day: string): TypedItem {
  const decimal = (value: string | null) => (value === null ? '' : formatDecimalInput(value, locale));
  const { code, name, description, unit, group_name } = item;
  return {
    values: { code, name, description, unit, group_name, cost: decimal(item.cost) },
    prices: item.prices.map(({ currency, price }) => ({ currency, price: decimal(price) })),
    vendors: item.vendors.map((one) => ({
      ...{ partner: one.partner_id, code: one.code, price: decimal(one.price), currency: one.currency },
    })),
    taxes: ratesOn(rates, item.tax_series ?? [], day).map(({ id }) => id),
  };
}

/**
 * An item as its form was sent. Rows without a price, or a vendor, are left out. `rates`: the organization's taxes.
 * @throws Invalid by field; of a row with its number: `price.2`
 */
export function parseItem(body: Fields, rates: readonly TaxRate[], locale: string): ItemFields {
  const typed = typedItem(body);
  const { texts, errors } = readTexts(body);
  const decimal = (field: string, value: string): string | null => {
    const read = parseDecimal(value, locale);
    if (value && !isPrice(read)) errors[field] = 'Enter a price, like 12.50.';
    return value ? read : null;
  };
  const prices = readPrices(typed, decimal, errors);
  const vendors = readVendors(typed, decimal, errors);
  const cost = decimal('cost', typed.values.cost.trim());
  if (!texts || Object.keys(errors).length) throw new Invalid(errors);
  const series = knownRates(rates, typed.taxes, 'taxes').map((rate) => rate.series);
  return { ...texts, cost, tax_series: series.length ? series : null, prices, vendors };
}

/** The texts, or what is wrong with them: shown together with what is wrong in the rows. */
function readTexts(body: Fields): { texts: z.output<typeof Texts> | null; errors: RowErrors } {
  try {
    const texts = readForm(Texts, body);
    const wrong = (['name', 'unit', 'description'] as const).filter((name) => undrawable(texts[name]).length);
    return { texts, errors: Object.fromEntries(wrong.map((name) => [name, UNPRINTABLE])) };
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    return { texts: null, errors: { ...error.fields } };
  }
}

const UNPRINTABLE = 'Some of these characters can’t be printed. Use others.';

type ReadDecimal = (field: string, value: string) => string | null;
type RowErrors = Record<string, string>;

const isPrice = (decimal: string | null) =>
  decimal !== null && Number(decimal) >= 0 && Number(decimal) < 1e11 && (decimal.split('.')[1] ?? '').length <= 6;

function readPrices({ prices }: TypedItem, decimal: ReadDecimal, errors: RowErrors): ItemPrice[] {
  const taken = new Set<string>();
  return prices.flatMap(({ currency, price: value }, n) => {
    if (!value) return [];
    if (!CURRENCIES.has(currency)) errors[`price.${n}`] = 'Choose a currency.';
    else if (taken.has(currency)) errors[`price.${n}`] = 'Give one price in each currency.';
    taken.add(currency);
    const price = decimal(`price.${n}`, value);
    return price === null ? [] : { currency, price };
  });
}

function readVendors({ vendors }: TypedItem, decimal: ReadDecimal, errors: RowErrors): ItemVendor[] {
  const taken = new Set<string>();
  return vendors.flatMap(({ partner, code, price: value, currency }, n) => {
    if (!partner && (code || value)) errors[`vendor.${n}`] = 'Choose a vendor.';
    if (!partner) return [];
    if (!isId(partner)) errors[`vendor.${n}`] = 'Choose a vendor.';
    else if (taken.has(partner)) errors[`vendor.${n}`] = 'Name each vendor once.';
    else if (!CURRENCIES.has(currency)) errors[`vendor.${n}`] = 'Choose a currency.';
    taken.add(partner);
    return { partner_id: partner, code: code.slice(0, 60), currency, price: decimal(`vendor.${n}`, value) };
  });
}
