import type { AccountKind } from '../../people/banking/bank_number.js';
import type { BankAccountFields, PartnerAccountFields } from '../../people/banking/bank_accounts.js';

/** `pain001`: between IBANs; `nacha`: between accounts in the US, in dollars; `csv`: for any, by hand. */
export const FORMATS = ['pain001', 'nacha', 'csv'] as const;
export type TransferFormat = (typeof FORMATS)[number];

/** Between which accounts a format transfers; null: any. */
export const KIND_OF: Readonly<Record<TransferFormat, AccountKind | null>> = {
  pain001: 'iban',
  nacha: 'us',
  csv: null,
};

/** An account as a bank's file names it. */
type OrderAccount = Pick<BankAccountFields, 'kind' | 'holder' | 'country' | 'numbers'>;

/** One transfer: all that a vendor is paid in a run. */
export interface Transfer {
  /** What both banks carry along with it, and both statements show. */
  reference: string;
  /** In minor units. */
  amount: number;
  account: OrderAccount;
  /** Whom that belongs to. */
  holder_type: PartnerAccountFields['holder_type'];
  /** The vendor's own numbers of the bills. */
  text: string;
}

/** What a bank is asked to do by one file. The same order gives the same file: banks refuse it the second time. */
export interface TransferOrder {
  /** Without hyphens, so that it fits into 35 letters. */
  id: string;
  number: number;
  ordered_at: Date;
  pay_on: string;
  currency: string;
  /** Who pays, from which account. */
  payer: OrderAccount & { name: string; bank_name: string; employer_number: string };
  transfers: readonly Transfer[];
}

export const sumOf = (transfers: readonly Transfer[]) => transfers.reduce((sum, { amount }) => sum + amount, 0);
