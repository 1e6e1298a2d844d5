import Big from 'big.js';
import { allot } from '../taxes/allot.js';
import type { Line } from '../content/content.js';
import { isCounted, type TaxSum, taxKey } from '../content/totals.js';

/** A tax as a document says it. `category`: as EN 16931 has it; '' for a percentage that was typed. */
export interface BookedTax {
  name: string;
  rate: string;
  category: string;
}

/** What is taxed alike: its net and each of its taxes. Minor units; both have the sign of their document's total. */
export interface Part {
  taxes: (BookedTax & { amount: number })[];
  net: number;
}

/** What of a version of a document its split is made of. */
export interface SplitSource {
  lines: Line[];
  taxes: TaxSum[];
  tax_included: boolean;
  total: number;
}

/**
 * The total of a version of a document by what is taxed alike. Each tax comes to what the document says, which was
 * rounded once for all of its lines; the parts come to the total.
 */
export function splitOf({ lines, taxes, tax_included }: SplitSource): Part[] {
  const groups = groupsOf(lines.filter(isCounted));
  const amounts = taxes.map((tax) => amountsOf(tax, groups));
  return groups.map((group, g) => {
    const booked = group.taxes.map((tax) => {
      const n = taxes.findIndex((sum) => taxKey(sum) === keyOf(tax));
      return { ...tax, amount: amounts[n]?.[g] ?? 0 };
    });
    const tax = booked.reduce((sum, { amount }) => sum + amount, 0);
    return { taxes: booked, net: tax_included ? group.amount - tax : group.amount };
  });
}

interface Group {
  taxes: BookedTax[];
  amount: number;
}

/** The lines that have the same taxes. */
function groupsOf(lines: readonly Line[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { amount, tax_rate, taxes = [] } of lines) {
    const rate = Big(tax_rate).toString();
    const booked = taxes.length ? taxes.map(bookedTax) : [{ name: '', rate, category: '' }];
    const key = JSON.stringify(booked);
    groups.set(key, { taxes: booked, amount: amount + (groups.get(key)?.amount ?? 0) });
  }
  return [...groups.values()];
}

const bookedTax = ({ name, rate, category }: BookedTax): BookedTax => ({
  name,
  rate: Big(rate).toString(),
  category,
});

const keyOf = ({ name, rate }: BookedTax) => taxKey({ name, rate });

/** What of a tax each group has. */
function amountsOf(tax: TaxSum, groups: readonly Group[]): number[] {
  const weights = groups.map(({ taxes, amount }) =>
    taxes.some((one) => keyOf(one) === taxKey(tax))
      ? Big(amount).div(taxes.reduce((all, { rate }) => all.plus(rate), Big(100)))
      : Big(0),
  );
  return weights.reduce((sum, weight) => sum.plus(weight), Big(0)).eq(0)
    ? groups.map(() => 0)
    : allot(tax.amount, weights);
}

/** What the parts come to. */
export const sumOf = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + gross(part), 0);

const gross = ({ net, taxes }: Part) => taxes.reduce((sum, { amount }) => sum + amount, net);

/**
 * Of a whole, the share of what lies between two amounts of it: taxes as `deductions` has them, so that the shares of
 * all pieces come to the taxes that were invoiced.
 */
export function portion(parts: readonly Part[], from: number, to: number): Part[] {
  const total = sumOf(parts);
  if (total === 0) return [];
  const within = (tax: number, amount: number) => Math.round((tax * amount) / total);
  const shares = parts.map(({ taxes, net }) => ({
    net,
    taxes: taxes.map((tax) => ({ ...tax, amount: within(tax.amount, to) - within(tax.amount, from) })),
  }));
  const tax = shares.reduce((sum, { taxes }) => sum + taxes.reduce((sum, { amount }) => sum + amount, 0), 0);
  const weights = shares.map(({ net }) => Big(net));
  const nets = weights.some((net) => !net.eq(0)) ? allot(to - from - tax, weights) : weights.map(() => 0);
  return shares.map(({ taxes }, n) => ({ taxes, net: nets[n] ?? 0 }));
}

/** A whole less another, part by part: what a new version adds to what the one before came to. */
export function less(parts: readonly Part[], others: readonly Part[]): Part[] {
  const found = new Map<string, Part>();
  const add = ({ taxes, net }: Part, sign: 1 | -1) => {
    const key = JSON.stringify(taxes.map(({ name, rate, category }) => [name, rate, category]));
    const before = found.get(key);
    const sums = taxes.map((tax, n) => ({ ...tax, amount: (before?.taxes[n]?.amount ?? 0) + sign * tax.amount }));
    found.set(key, { taxes: sums, net: (before?.net ?? 0) + sign * net });
  };
  for (const part of parts) add(part, 1);
  for (const part of others) add(part, -1);
  return [...found.values()].filter(({ taxes, net }) => net !== 0 || taxes.some(({ amount }) => amount !== 0));
}

/** With the other sign. */
export const reversed = (parts: readonly Part[]): Part[] =>
  parts.map(({ taxes, net }) => ({ taxes: taxes.map((tax) => ({ ...tax, amount: -tax.amount })), net: -net }));
