import Big from 'big.js';
import { toMinor } from './decimals.js';

// The one module of totals. Browsers run this very file (see pages/assets.ts).

/** What a line's amount depends on. Decimal strings; discount and tax rate in percent. */
export interface Priced {
  quantity: string;
  unit_price: string;
  discount_percent: string;
  tax_rate: string;
  /** '' always counts; the others count if they are picked. */
  choice: '' | 'optional' | 'alternative';
  picked: boolean;
  /** The vendor can't supply it. */
  refused: boolean;
}

export interface Totals {
  /** Net of tax. Minor units, as all amounts. */
  subtotal: number;
  taxes: { rate: string; base: number; amount: number }[];
  tax: number;
  total: number;
}

type Amounts = Pick<Priced, 'quantity' | 'unit_price' | 'discount_percent'>;

/** Quantity × price less discount, rounded once, halves away from zero (EN 16931 BT-131). */
export const lineAmount = (line: Amounts, currency: string): number =>
  toMinor(Big(line.quantity).times(line.unit_price).times(Big(100).minus(line.discount_percent)).div(100), currency);

/** A part of an amount in percent, rounded as a line is: a deposit. */
export const shareOf = (amount: number, percent: string): number =>
  Big(amount).times(percent).div(100).round(0, Big.roundHalfUp).toNumber();

/** Whether a line counts towards the total. */
export const isCounted = ({ choice, picked, refused }: Pick<Priced, 'choice' | 'picked' | 'refused'>) =>
  !refused && (choice === '' || picked);

/** Picks one of a group's alternatives: the first that is picked, or else the first. Lines without a choice stay in. */
export function withOnePick<Row extends Pick<Priced, 'choice' | 'picked'> & { group_name: string }>(
  lines: Row[],
): Row[] {
  const picked = new Map<string, Row>();
  for (const line of lines.filter(({ choice }) => choice === 'alternative')) {
    const current = picked.get(line.group_name);
    if (!current || (!current.picked && line.picked)) picked.set(line.group_name, line);
  }
  return lines.map((line) => ({
    ...line,
    picked: line.choice === '' || (line.choice === 'optional' ? line.picked : picked.get(line.group_name) === line),
  }));
}

/** The totals of the lines that count. */
export const totalsOf = (lines: Priced[], currency: string, tax_included = false): Totals =>
  totalsOfAmounts(
    lines.filter(isCounted).map((line) => ({ tax_rate: line.tax_rate, amount: lineAmount(line, currency) })),
    tax_included,
  );

/**
 * Sums rounded amounts; computes tax once per rate, on the sum of its lines (EN 16931 BR-CO-10, BR-CO-14, BR-CO-17).
 * With `tax_included` the prices contain the tax, which is taken out of each rate's sum.
 */
export function totalsOfAmounts(lines: { tax_rate: string; amount: number }[], tax_included: boolean): Totals {
  const sums = new Map<string, number>();
  for (const { tax_rate, amount } of lines) {
    const rate = Big(tax_rate).toString();
    sums.set(rate, (sums.get(rate) ?? 0) + amount);
  }
  const taxes = [...sums]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([rate, sum]) => {
      const base_percent = tax_included ? Big(100).plus(rate) : Big(100);
      const amount = Big(sum).times(rate).div(base_percent).round(0, Big.roundHalfUp).toNumber();
      return { rate, base: tax_included ? sum - amount : sum, amount };
    });
  const subtotal = taxes.reduce((sum, { base }) => sum + base, 0);
  const tax = taxes.reduce((sum, { amount }) => sum + amount, 0);
  return { subtotal, taxes, tax, total: subtotal + tax };
}
