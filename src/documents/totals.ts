import Big from 'big.js';
import { toMinor } from './decimals.js';

/** What is counted on a line. Quantity, price, discount and tax rate are decimal strings; rates and discounts in percent. */
export interface Priced {
  quantity: string;
  unit_price: string;
  discount_percent: string;
  tax_rate: string;
}

export interface Totals {
  /** Minor units, as all amounts here. */
  subtotal: number;
  taxes: { rate: string; base: number; amount: number }[];
  tax: number;
  total: number;
}

/** A line's net amount: quantity × price less discount, rounded once, halves away from zero (EN 16931 BT-131). */
export const lineAmount = (line: Priced, currency: string): number =>
  toMinor(Big(line.quantity).times(line.unit_price).times(Big(100).minus(line.discount_percent)).div(100), currency);

/** Sums of rounded lines; tax once for each rate on the sum of its lines (EN 16931 BR-CO-10, BR-CO-14, BR-CO-17). */
export function totalsOf(lines: Priced[], currency: string): Totals {
  const bases = new Map<string, number>();
  for (const line of lines) {
    const rate = Big(line.tax_rate).toString();
    bases.set(rate, (bases.get(rate) ?? 0) + lineAmount(line, currency));
  }
  const taxes = [...bases]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([rate, base]) => ({ rate, base, amount: Big(base).times(rate).div(100).round(0, Big.roundHalfUp).toNumber() }));
  const subtotal = [...bases.values()].reduce((sum, base) => sum + base, 0);
  const tax = taxes.reduce((sum, { amount }) => sum + amount, 0);
  return { subtotal, taxes, tax, total: subtotal + tax };
}
