import { subjectTitle } from '../../activity/sentence.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { methodLabel } from '../../input/payment_methods.js';
import type { AccountStatement, StatementEntry } from '../../payments/statements/statement.js';

/** What happened on an account in one go. Amounts in minor units, from the side that the statement is written for. */
export interface Transaction {
  entry: StatementEntry;
  amount: number;
  balance: number;
  /** An invoice, or to a vendor a bill: it is added up; anything else takes away from it. */
  adds: boolean;
}

/** 1: the balance is what the partner owes; -1, for those who only sell to the organization, what is owed to them. */
export const sideOf = ({ is_customer }: Pick<AccountStatement, 'is_customer'>): 1 | -1 => (is_customer ? 1 : -1);

/** The entries of a statement as transactions: what a payment paid and what it gave as credit are one. */
export function transactionsOf(account: AccountStatement): Transaction[] {
  const side = sideOf(account);
  let balance = side * account.opening;
  const found: Transaction[] = [];
  for (const entry of account.entries) {
    const amount = side * entry.amount;
    balance += amount;
    const last = found.at(-1);
    if (last && isSame(last.entry, entry)) {
      const both = { ...last.entry, number: joined(last.entry.number, entry.number) };
      Object.assign(last, { amount: last.amount + amount, balance, entry: both });
    } else found.push({ entry, amount, balance, adds: entry.part === (side === 1 ? 'invoiced' : 'billed') });
  }
  return found;
}

/** "INV-0041, INV-0042": what one payment paid. */
const joined = (numbers: string | null, number: string | null): string =>
  [...new Set([...(numbers ?? '').split(', '), number ?? ''])].filter(Boolean).join(', ');

const isSame = (one: StatementEntry, other: StatementEntry): boolean =>
  one.payment_id !== null &&
  one.payment_id === other.payment_id &&
  one.kind === other.kind &&
  one.part === other.part &&
  one.booked_at === other.booked_at;

/** What a transaction is, and beside it what it is found by: "Bank transfer, TRX-77". */
export function describeTransaction(entry: StatementEntry, { t, format }: I18n): { label: string; detail: string } {
  const { type, number, title, method, reference, paid_on, day } = entry;
  const revised = entry.kind === 'charge' && entry.amount < 0 ? t('revised') : '';
  if (isTitled(entry) && title) return { label: title, detail: [number, revised].filter(Boolean).join(' · ') };
  const late = paid_on && paid_on !== day ? t('paid on {{day}}', { day: format.shortDate(paid_on) }) : '';
  const facts = [method ? methodLabel(method, t) : '', reference ?? '', late].filter(Boolean).join(' · ');
  return { label: type && isTitled(entry) ? subjectTitle(t, type, number) : labelOf(entry, t), detail: facts };
}

/** Those that are their document itself. */
const isTitled = ({ part, kind, payment_id }: StatementEntry): boolean =>
  kind !== 'void' && (part === 'invoiced' || part === 'billed' || (kind === 'credit' && !payment_id));

function labelOf({ kind, number }: StatementEntry, t: I18n['t']): string {
  if (!number) return t('Payment');
  const values = { document: number };
  switch (kind) {
    case 'payment':
      return t('Payment for {{document}}', values);
    case 'reversal':
      return t('Payment for {{document}} reversed', values);
    case 'refund':
      return t('Refund of {{document}}', values);
    case 'void':
      return t('{{document}} voided', values);
    case 'write_off':
      return t('{{document}} written off', values);
    case 'discount':
      return t('Early-payment discount for {{document}}', values);
    default:
      return t('Credit from {{document}}', values);
  }
}
