import { legsOf } from '../../documents/bookkeeping/journal.js';
import { type Cell, csvLine } from '../lists/csv_file.js';
import { i18nOf } from '../shared/layout.js';
import type { BooksContext, BooksFile } from './formats.js';
import { bookingText, voucherOf } from './wording.js';

const HEADS = ['Journal No', 'Journal Date', 'Currency', 'Memo', 'Account Name', 'Debits', 'Credits', 'Name'];

/** QuickBooks Online's shape for importing journal entries: the partner stands beside receivables and payables. */
export function quickBooksFile({ ctx, period, settings }: BooksContext): BooksFile {
  const i18n = i18nOf(ctx.actor);
  const { from, to, currency } = period;
  const amount = (minor: number): Cell => (minor > 0 ? { minor, currency } : null);
  let count = 0;
  return {
    name: `quickbooks-${from}-${to}-${currency}.csv`,
    type: 'text/csv; charset=utf-8',
    head: csvLine(HEADS, 'en-US'),
    lines: (booking) => {
      // Several bookings are of one document: each entry has a number of its own.
      const number = `${voucherOf(booking)}/${(count += 1)}`;
      const { day, partner } = booking.entry;
      return legsOf(booking, settings)
        .map(({ account, amount: sum, partner: own }) =>
          csvLine(
            [
              ...[number, { day: american(day) }, currency, bookingText(booking, i18n), account],
              ...[amount(sum), amount(-sum), own ? partner : ''],
            ],
            'en-US',
          ),
        )
        .join('');
    },
  };
}

const american = (day: string) => day.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1');
