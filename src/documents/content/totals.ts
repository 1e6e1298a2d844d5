import Big from 'big.js';
import { toMinor } from './decimals.js';

// The one module of totals. Browsers run this very file (see pages/assets.ts).

/** A tax by its name, and its percentage as a decimal string. */
export interface NamedRate {
  name: string;
  rate: string;
}

/** What taxes an amount: its taxes by name, or else a percentage alone, which is their sum otherwise. */
interface Taxed {
  tax_rate: string;
  taxes?: readonly NamedRate[] | undefined;
}

/** What a line's amount depends on. Decimal strings; discount and tax rate in percent. */
export interface Priced extends Taxed {
  quantity: string;
  unit_price: string;
  discount_percent: string;
  /** '' always counts; the others count if they are picked. */
  choice: '' | 'optional' | 'alternative';
  picked: boolean;
  /** The vendor can't supply it. */
  refused: boolean;
}

/** What one tax comes to. Without a name: all that has this percentage alone. */
export interface TaxSum {
  name?: string;
  rate: string;
  base: number;
  amount: number;
}

export interface Totals {
  /** Net of tax. Minor units, as all amounts. */
  subtotal: number;
  taxes: TaxSum[];
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
    lines.filter(isCounted).map((line) => ({ ...line, amount: lineAmount(line, currency) })),
    tax_included,
  );

/**
 * Sums rounded amounts; computes each tax once, on the sum of its lines (EN 16931 BR-CO-10, BR-CO-14, BR-CO-17). With
 * `tax_included` the prices contain their taxes, which are taken out of each tax's sum.
 */
export function totalsOfAmounts(lines: (Taxed & { amount: number })[], tax_included: boolean): Totals {
  const sums = new Map<string, Sum>();
  for (const line of lines) for (const tax of taxesOf(line)) addAmount(sums, tax, line);
  const taxes = [...sums.values()]
    .map(({ tax, amounts }) => ({ ...tax, ...amountOf(tax.rate, amounts, tax_included) }))
    .toSorted((a, b) => Number(a.rate) - Number(b.rate) || (a.name ?? '').localeCompare(b.name ?? '', 'en'));
  const all = lines.reduce((sum, { amount }) => sum + amount, 0);
  const tax = taxes.reduce((sum, { amount }) => sum + amount, 0);
  return { subtotal: tax_included ? all - tax : all, taxes, tax, total: tax_included ? all : all + tax };
}

type Tax = Pick<TaxSum, 'name' | 'rate'>;

/** A tax with the amounts it is on, by the percentage of all taxes on them. */
interface Sum {
  tax: Tax;
  amounts: Map<string, number>;
}

/** What tells a tax from the others of a document. */
export const taxKey = ({ name = '', rate }: Tax) => `${name}|${rate}`;

const taxesOf = ({ taxes, tax_rate }: Taxed): Tax[] =>
  taxes?.length
    ? taxes.map(({ name, rate }) => ({ name, rate: Big(rate).toString() }))
    : [{ rate: Big(tax_rate).toString() }];

function addAmount(sums: Map<string, Sum>, tax: Tax, line: Taxed & { amount: number }): void {
  const sum = sums.get(taxKey(tax)) ?? { tax, amounts: new Map<string, number>() };
  const percent = taxesOf(line)
    .reduce((percent, { rate }) => percent.plus(rate), Big(0))
    .toString();
  sum.amounts.set(percent, (sum.amounts.get(percent) ?? 0) + line.amount);
  sums.set(taxKey(tax), sum);
}

/** What a tax comes to, rounded once, and what it is computed on. */
function amountOf(rate: string, amounts: Sum['amounts'], tax_included: boolean): { base: number; amount: number } {
  const sum = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
  if (!tax_included) return { base: sum, amount: rounded(Big(sum).times(rate).div(100)) };
  const contained = (part: (all: string) => string) =>
    rounded(
      [...amounts].reduce(
        (tax, [all, amount]) => tax.plus(Big(amount).times(part(all)).div(Big(100).plus(all))),
        Big(0),
      ),
    );
  return { base: sum - contained((all) => all), amount: contained(() => rate) };
}

const rounded = (amount: Big) => amount.round(0, Big.roundHalfUp).toNumber();
