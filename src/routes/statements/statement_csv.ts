import type { AccountStatement, Period } from '../../payments/statements/statement.js';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../lists/csv_file.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { truncatedNote } from './statement_sheet.js';
import { describeTransaction, sideOf, transactionsOf } from './statement_rows.js';

/** Sends the transactions of a statement for spreadsheets, between its opening and its closing balance. */
export function sendStatementCsv({ res, actor }: RequestContext, account: AccountStatement, period: Period): void {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { currency, opening, invoiced, billed, paid, credits } = account;
  const side = sideOf(account);
  const closing = side * (opening + invoiced + billed + paid + credits);
  const note = truncatedNote(account, i18n);
  const money = (minor: number): Cell => ({ minor, currency });
  const balance = (day: string, label: string, minor: number): Cell[] => [
    ...[{ day }, label, '', currency, null],
    money(minor),
  ];
  const rows: Cell[][] = [
    [t('Date'), t('Transaction'), t('Details'), t('Currency'), t('Amount'), t('Balance')],
    balance(period.from, t('Opening balance'), side * opening),
    ...transactionsOf(account).map(({ entry, ...row }) => {
      const { label, detail } = describeTransaction(entry, i18n);
      return [{ day: entry.day }, label, detail, currency, money(row.amount), money(row.balance)];
    }),
    ...(note ? [[null, note, '', currency, null, null]] : []),
    balance(period.to, t('Closing balance'), closing),
  ];
  res.attachment(`statement-${period.from}-${period.to}-${currency}.csv`).type('text/csv; charset=utf-8');
  res.send(BYTE_ORDER_MARK + rows.map((row) => csvLine(row, actor.locale)).join(''));
}
