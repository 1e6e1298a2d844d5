import Big from 'big.js';
import { allot } from './allot.js';
import type { Line, LineTax } from '../content/content.js';
import { isCounted } from '../content/totals.js';

/** What is taxed alike in a document, in minor units with its taxes. */
export interface TaxShare {
  tax_rate: string;
  taxes: LineTax[];
  amount: number;
}

/**
 * An amount split as a document's total is among its taxes: what is rounded off goes to the largest remainders, so that
 * the parts come to the amount.
 */
export function taxShares(lines: readonly Line[], tax_included: boolean, amount: number): TaxShare[] {
  const shares = grossByTax(lines.filter(isCounted), tax_included);
  const weights = shares.map(({ gross }) => gross);
  if (weights.reduce((sum, gross) => sum.plus(gross), Big(0)).lte(0)) return [];
  const parts = allot(amount, weights);
  return shares.map(({ gross: _gross, ...tax }, n) => ({ ...tax, amount: parts[n] ?? 0 })).filter(isSome);
}

const isSome = ({ amount }: TaxShare) => amount > 0;

interface GrossShare extends Omit<TaxShare, 'amount'> {
  gross: Big;
}

function grossByTax(lines: readonly Line[], tax_included: boolean): GrossShare[] {
  const found = new Map<string, GrossShare>();
  for (const { tax_rate, taxes = [], amount } of lines) {
    const key = JSON.stringify([taxes, Big(tax_rate).toString()]);
    const gross = tax_included ? Big(amount) : Big(amount).times(Big(100).plus(tax_rate)).div(100);
    const share = found.get(key) ?? { tax_rate, taxes, gross: Big(0) };
    found.set(key, { ...share, gross: share.gross.plus(gross) });
  }
  return [...found.values()];
}
