import Big from 'big.js';
import type { LineTax } from '../documents/content/content.js';
import { lineAmount, type Priced } from '../documents/content/totals.js';
import { daysIn, type Period } from './periods.js';

/** What a change within a period adds to the next invoice, or takes from it: of the same taxes, before them. */
export interface Adjustment extends Period {
  /** Of these days: `price`: other lines count; `end`: they are not used; `more`: they are, unlike it was charged. */
  reason: 'price' | 'end' | 'more';
  /** The days it is for, of those of the period. */
  days: number;
  of: number;
  tax_rate: string;
  /** By their names; left out for a percentage alone. */
  taxes?: LineTax[] | undefined;
  /** Minor units. */
  amount: number;
}

/** What is summed up: a line, or an adjustment. */
interface Taxed {
  tax_rate: string;
  taxes?: LineTax[] | undefined;
}

type Line = Priced & Taxed;

const taxesOf = ({ tax_rate, taxes = [] }: Taxed): Taxed => ({
  tax_rate: Big(tax_rate).toString(),
  ...(taxes.length ? { taxes } : {}),
});

/** What tells its taxes from those of others. */
const keyOf = ({ tax_rate, taxes = [] }: Taxed): string =>
  [Big(tax_rate).toString(), ...taxes.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b))].join(' ');

/** Sums by their taxes, minor units. */
function sumsOf(lines: readonly Line[], currency: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0) + lineAmount(line, currency));
  return sums;
}

const rateOf = (key: string) => key.split(' ')[0];

/** What was charged, by the taxes that are new for the same percentage: another name is no other price. */
function renamed(was: ReadonlyMap<string, number>, is: ReadonlyMap<string, number>): Map<string, number> {
  const names = [...is.keys()].filter((key) => !was.has(key));
  return new Map(
    [...was].map(([key, sum]) => {
      const found = is.has(key) ? -1 : names.findIndex((name) => rateOf(name) === rateOf(key));
      const [name = key] = found < 0 ? [] : names.splice(found, 1);
      return [name, sum];
    }),
  );
}

/** The difference between two prices of a whole period, for some days of it. */
export function prorated(
  { before, after, currency }: { before: readonly Line[]; after: readonly Line[]; currency: string },
  period: Period,
  { from_on, until_on }: Period,
  reason: Adjustment['reason'],
): Adjustment[] {
  const is = sumsOf(after, currency);
  const was = renamed(sumsOf(before, currency), is);
  const part = { from_on, until_on };
  const [days, of] = [daysIn(part), daysIn(period)];
  if (days <= 0) return [];
  const taxes = new Map([...before, ...after].map((line) => [keyOf(line), taxesOf(line)]));
  return [...taxes].flatMap(([key, taxed]) => {
    const difference = Big(is.get(key) ?? 0).minus(was.get(key) ?? 0);
    const amount = difference.times(days).div(of).round(0, Big.roundHalfUp).toNumber();
    return amount ? [{ reason, ...part, days, of, ...taxed, amount }] : [];
  });
}

/**
 * The adjustments that an invoice with these lines takes in. What is credited is at most what it charges with the
 * same taxes; `left` waits for the next.
 */
export function takeAdjustments(
  lines: readonly Line[],
  adjustments: readonly Adjustment[],
  currency: string,
): { taken: Adjustment[]; left: Adjustment[] } {
  const room = sumsOf(lines, currency);
  const roomAt = (one: Adjustment) => room.get(keyOf(one)) ?? 0;
  const taken: Adjustment[] = [];
  const left: Adjustment[] = [];
  const inOrder = adjustments.toSorted((a, b) => Number(b.amount > 0) - Number(a.amount > 0));
  for (const one of inOrder) {
    const amount = one.amount > 0 ? one.amount : -Math.min(-one.amount, Math.max(0, roomAt(one)));
    if (amount) taken.push({ ...one, amount });
    if (amount !== one.amount) left.push({ ...one, amount: one.amount - amount });
    room.set(keyOf(one), roomAt(one) + amount);
  }
  return { taken, left };
}
