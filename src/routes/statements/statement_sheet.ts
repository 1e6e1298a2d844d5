import type { I18n } from '../../documents/queries/sheet.js';
import type { Statement } from '../../pages/views/components.js';
import { type AccountStatement, type Period } from '../../payments/statements/statement.js';
import { describeTransaction, sideOf, type Transaction, transactionsOf } from './statement_rows.js';

/** How a statement is drawn. `url`: the organization's address; null in a PDF. */
interface Drawing {
  period: Period;
  today: string;
  url: string | null;
  i18n: I18n;
}

/** The sums of a statement, from the side that it is written for. */
function sumsOf(account: AccountStatement) {
  const side = sideOf(account);
  const { opening, invoiced, billed, paid, credits } = account;
  const plus = side * (side === 1 ? invoiced : billed);
  const other = side * (side === 1 ? billed : invoiced);
  const minus = other + side * (paid + credits);
  return {
    ...{ opening: side * opening, plus, other, paid: side * paid, credits: side * credits, minus },
    closing: side * opening + plus + minus,
  };
}

/** An account's statement as it is shown and printed. */
export function statementSheet(account: AccountStatement, drawing: Drawing): Statement {
  const { period, today, i18n } = drawing;
  const { t, format } = i18n;
  const { currency } = account;
  const sums = sumsOf(account);
  const amount = (minor: number) => signed(minor, format.amount(Math.abs(minor), currency));
  return {
    period: `${format.date(period.from)} – ${format.date(period.to)} · ${currency}`,
    from: { name: account.organization, lines: linesOf(account.address) },
    to: { name: account.partner, lines: linesOf(account.partner_address) },
    equation: equation(account, i18n),
    plus_label: t(account.is_customer ? 'Invoiced' : 'Billed'),
    minus_label: t(account.is_customer && account.is_vendor ? 'Paid, credited or billed' : 'Paid or credited'),
    opening: { day: format.shortDate(period.from), balance: amount(sums.opening) },
    rows: transactionsOf(account).map((transaction) => rowOf(transaction, amount, drawing)),
    closing: {
      day: format.shortDate(period.to),
      ...{ plus: amount(sums.plus), minus: amount(sums.minus) },
      balance: money(sums.closing, currency, i18n),
    },
    truncated: truncatedNote(account, i18n),
    due: account.is_customer && period.to >= today && account.owed > 0 ? dueRows(account, sums.closing, i18n) : null,
  };
}

/** Said where not all of the period's transactions are listed. */
export function truncatedNote({ entry_count, entries }: AccountStatement, { t }: Pick<I18n, 't'>): string | null {
  if (entry_count <= entries.length) return null;
  return t(
    'Only the first {{shown}} transactions are listed; the balances include all of them. Choose a shorter period.',
    { shown: entries.length },
  );
}

function equation(account: AccountStatement, i18n: I18n): Statement['equation'] {
  const { t, format } = i18n;
  const { is_customer, is_vendor, currency } = account;
  const sums = sumsOf(account);
  const change = (minor: number) => `${minor < 0 ? '−' : '+'} ${format.amount(Math.abs(minor), currency)}`;
  return [
    { label: t('Opening balance'), value: money(sums.opening, currency, i18n) },
    { label: t(is_customer ? 'Invoiced' : 'Billed'), value: change(sums.plus) },
    ...(is_customer && is_vendor ? [{ label: t('Bills'), value: change(sums.other) }] : []),
    { label: t('Paid'), value: change(sums.paid) },
    { label: t('Credits'), value: change(sums.credits) },
    { label: t('Closing balance'), value: money(sums.closing, currency, i18n) },
  ];
}

function rowOf({ entry, ...row }: Transaction, amount: (minor: number) => string, { url, i18n }: Drawing) {
  const { number, payment_id } = entry;
  const page = url && number ? `${url}/documents/${number}` : null;
  const isPayment = payment_id && ['payment', 'reversal'].includes(entry.kind);
  return {
    day: i18n.format.shortDate(entry.day),
    ...describeTransaction(entry, i18n),
    href: url && isPayment ? `${url}/payments/${payment_id}` : page,
    plus: row.adds ? amount(row.amount) : '',
    minus: row.adds ? '' : amount(row.amount),
    balance: amount(row.balance),
  };
}

/** What is owed by how late it is, and what else makes up the balance: credit, or bills. */
function dueRows(account: AccountStatement, closing: number, i18n: I18n): NonNullable<Statement['due']> {
  const { t, format } = i18n;
  const { owed, not_due, overdue_30, overdue_60, overdue_90, currency } = account;
  const oldest = owed - not_due - overdue_30 - overdue_60 - overdue_90;
  const rest = t(account.is_vendor ? 'Credit and bills not paid yet' : 'Credit not applied yet');
  const rows: [label: string, minor: number, late: boolean][] = [
    [t('Not due yet'), not_due, false],
    [t('Overdue, 1–30 days'), overdue_30, true],
    [t('Overdue, 31–60 days'), overdue_60, true],
    [t('Overdue, 61–90 days'), overdue_90, true],
    [t('Overdue, more than 90 days'), oldest, true],
    [rest, closing - owed, false],
  ];
  return rows
    .filter(([, minor]) => minor !== 0)
    .map(([label, minor, late]) => ({ label, late, value: signed(minor, format.amount(Math.abs(minor), currency)) }))
    .concat([{ label: t('Closing balance'), late: false, value: money(closing, currency, i18n) }]);
}

const money = (minor: number, currency: string, { format }: I18n) =>
  signed(minor, format.money(Math.abs(minor), currency));

const signed = (minor: number, text: string) => (minor < 0 ? `−${text}` : text);

const linesOf = (address: string) => address.split('\n').filter((line) => line.trim());
