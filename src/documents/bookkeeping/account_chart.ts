import Big from 'big.js';
import { taxKey } from '../content/totals.js';
import type { BookedTax } from './split.js';

export const CHARTS = ['us', 'skr03', 'skr04'] as const;
export type Chart = (typeof CHARTS)[number];

/** What an account is for. `sales` and `purchases` differ by tax. */
export const PURPOSES = {
  receivables: 'Receivables',
  payables: 'Payables',
  bank: 'Bank',
  online: 'Online payments on their way',
  prepayments: 'Deposits from customers',
  sales: 'Sales',
  purchases: 'Purchases',
  write_offs: 'Receivables written off',
  discounts: 'Discounts from vendors',
} as const;
export type Purpose = keyof typeof PURPOSES;

/** Where something is booked. `tax_account`: its tax; `tax_key`: DATEV's key for it, '' where the account knows. */
export interface Booked {
  account: string;
  tax_account: string;
  tax_key: string;
  /** The account's program takes the tax out of what is booked on it, by the account or the key. */
  computes?: boolean;
}

/** An account of the organization's own, instead of its chart's. `tax`: see `taxNamed`; '' for all others. */
export interface OwnAccount extends Booked {
  purpose: Purpose;
  tax: string;
}

type Plain = Exclude<Purpose, 'sales' | 'purchases'>;

const PLAIN: Record<Chart, Record<Plain, string>> = {
  us: {
    ...{ receivables: '1200', payables: '2000', bank: '1000', online: '1050' },
    ...{ prepayments: '2400', write_offs: '6300', discounts: '5900' },
  },
  skr03: {
    ...{ receivables: '1400', payables: '1600', bank: '1200', online: '1360' },
    ...{ prepayments: '1710', write_offs: '2400', discounts: '3730' },
  },
  skr04: {
    ...{ receivables: '1200', payables: '3300', bank: '1800', online: '1460' },
    ...{ prepayments: '3250', write_offs: '6930', discounts: '5730' },
  },
};

const booked = (account: string, tax_account = '', tax_key = ''): Booked => ({ account, tax_account, tax_key });

const computing = (account: string, tax_account = ''): Booked => ({ ...booked(account, tax_account), computes: true });

/** By category and percentage, by category, or else ''. The German ones compute their tax themselves. */
const SALES: Record<Chart, Record<string, Booked>> = {
  us: { '': booked('4000', '2200') },
  skr03: {
    ...{ '19': computing('8400', '1776'), '7': computing('8300', '1771'), '': booked('8200', '1770') },
    ...{ K: computing('8125'), G: computing('8120'), AE: computing('8337'), E: computing('8100') },
  },
  skr04: {
    ...{ '19': computing('4400', '3806'), '7': computing('4300', '3801'), '': booked('4200', '3800') },
    ...{ K: computing('4125'), G: computing('4120'), AE: computing('4337'), E: computing('4100') },
  },
};
const PURCHASES: Record<Chart, Record<string, Booked>> = {
  us: { '': booked('5000', '5000') },
  skr03: { '19': computing('3400', '1576'), '7': computing('3300', '1571'), '': booked('3200', '1570') },
  skr04: { '19': computing('5400', '1406'), '7': computing('5300', '1401'), '': booked('5200', '1400') },
};

/** Taxes on what customers pay ahead. */
const TAX_KEYS: Record<string, string> = { '19': '3', '7': '2' };

/** The chart that an organization has until it chooses one. */
export const usualChart = (locale: string): Chart => (locale.startsWith('de') ? 'skr03' : 'us');

/** How a tax stands in `OwnAccount`: its name and percentage. */
export const taxNamed = ({ name, rate }: Pick<BookedTax, 'name' | 'rate'>): string =>
  taxKey({ name, rate: Big(rate).toString() });

/** The account of a chart. `tax`: of sales, purchases and prepayments; null: all others. */
export function chartAccount(chart: Chart, purpose: Purpose, tax: BookedTax | null): Booked {
  if (purpose !== 'sales' && purpose !== 'purchases') {
    const account = PLAIN[chart][purpose];
    if (purpose !== 'prepayments' || !tax) return booked(account);
    const { tax_account } = chartAccount(chart, 'sales', tax);
    const tax_key = chart === 'us' ? '' : (TAX_KEYS[tax.rate] ?? '');
    return { ...booked(account, tax_account, tax_key), computes: tax_key !== '' };
  }
  const accounts = purpose === 'sales' ? SALES[chart] : PURCHASES[chart];
  return (tax && (accounts[tax.category || tax.rate] ?? accounts[tax.rate])) ?? accounts[''] ?? booked('');
}

/**
 * The account that something is booked on: the organization's own for this tax, for its percentage, for all others, or
 * else its chart's.
 */
export function accountFor({ chart, own }: Accounts, purpose: Purpose, tax: BookedTax | null = null): Booked {
  const usual = chartAccount(chart, purpose, tax);
  const named = tax ? [taxNamed(tax), taxNamed({ name: '', rate: tax.rate })] : [];
  const others = usual.account === chartAccount(chart, purpose, null).account ? [''] : [];
  const mine = own.filter((one) => one.purpose === purpose);
  const chosen = [...named, ...others].map((tax) => mine.find((one) => one.tax === tax)).find(Boolean);
  if (!chosen) return usual;
  const { account, tax_account, tax_key } = chosen;
  return { account, tax_account: tax_account || usual.tax_account, tax_key, computes: chart !== 'us' };
}

/** What an organization books on. */
export interface Accounts {
  chart: Chart;
  own: readonly OwnAccount[];
}
