import Big from 'big.js';
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
  const sum = shares.reduce((sum, { gross }) => sum.plus(gross), Big(0));
  if (sum.lte(0)) return [];
  const parts = shares.map(({ gross, ...tax }) => {
    const exact = gross.times(amount).div(sum);
    const whole = exact.round(0, Big.roundDown);
    return { ...tax, amount: whole.toNumber(), rest: exact.minus(whole) };
  });
  const missing = amount - parts.reduce((sum, part) => sum + part.amount, 0);
  const raised = parts.toSorted((one, other) => other.rest.cmp(one.rest)).slice(0, missing);
  for (const part of raised) part.amount++;
  return parts.map(({ rest: _rest, ...part }) => part).filter((part) => part.amount > 0);
}

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
