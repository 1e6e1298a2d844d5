import { legsOf } from '../../documents/bookkeeping/journal.js';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../lists/csv_file.js';
import { i18nOf } from '../shared/layout.js';
import type { BooksContext, BooksFile } from './formats.js';
import { bookingText, taxText, voucherOf } from './wording.js';

const HEADS = [
  ...['Entry', 'Date', 'Document date', 'Number', 'Text', 'Account', 'Partner', 'Partner’s account'],
  ...['Debit', 'Credit', 'Currency', 'Tax', 'Reference'],
];

/** The general journal: each line of each booking, as the reader's spreadsheet expects it. */
export function journalFile({ ctx, period, settings }: BooksContext): BooksFile {
  const { locale } = ctx.actor;
  const i18n = i18nOf(ctx.actor);
  const { from, to, currency } = period;
  const money = (minor: number): Cell => (minor > 0 ? { minor, currency } : null);
  return {
    name: `journal-${from}-${to}-${currency}.csv`,
    type: 'text/csv; charset=utf-8',
    head:
      BYTE_ORDER_MARK +
      csvLine(
        HEADS.map((head) => i18n.t(head)),
        locale,
      ),
    lines: (booking) => {
      const { id, day, issued_on, partner, debtor_number, creditor_number, reference } = booking.entry;
      const number = booking.side === 'vendor' ? creditor_number : debtor_number;
      return legsOf(booking, settings)
        .map((leg) =>
          csvLine(
            [
              ...[id, { day }, { day: issued_on }, voucherOf(booking), bookingText(booking, i18n), leg.account],
              ...(leg.partner ? [partner, number === null ? null : String(number)] : [null, null]),
              ...[money(leg.amount), money(-leg.amount), currency, taxText(leg.tax, i18n), reference],
            ],
            locale,
          ),
        )
        .join('');
    },
  };
}
