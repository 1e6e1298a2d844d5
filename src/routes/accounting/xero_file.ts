import type { Booking } from '../../documents/bookkeeping/bookings.js';
import { accountFor } from '../../documents/bookkeeping/account_chart.js';
import { type Cell, csvLine } from '../lists/csv_file.js';
import { i18nOf } from '../shared/layout.js';
import type { BooksContext, BooksFile } from './formats.js';
import { bookingText, taxText } from './wording.js';

const HEADS = [
  ...['*ContactName', 'EmailAddress', '*InvoiceNumber', 'Reference', '*InvoiceDate', '*DueDate'],
  ...['*Description', '*Quantity', '*UnitAmount', '*AccountCode', '*TaxType', 'TaxAmount', 'Currency'],
];

/** What Xero has of its own kind; payments come to it from the bank. */
const TAKEN = ['charge', 'bill', 'credit', 'void', 'apply'];

/**
 * Xero's shape for importing invoices, credit notes and bills: a line for what is taxed alike, negative for what is
 * credited. Prices are without their taxes.
 */
export const xeroFile =
  (side: Booking['side']) =>
  ({ ctx, period, settings }: BooksContext): BooksFile => {
    const i18n = i18nOf(ctx.actor);
    const { from, to, currency } = period;
    const sign = side === 'customer' ? -1 : 1;
    const amount = (minor: number): Cell => ({ minor: sign * minor, currency });
    return {
      name: `xero-${side === 'customer' ? 'sales' : 'bills'}-${from}-${to}-${currency}.csv`,
      type: 'text/csv; charset=utf-8',
      head: csvLine(HEADS, 'en-US'),
      lines: (booking) => {
        const { entry, contra } = booking;
        if (booking.side !== side || !TAKEN.includes(entry.kind)) return '';
        const { partner, email, number, title, reference, day, issued_on, due_on, kind } = entry;
        const suffix = kind === 'void' || kind === 'apply' ? `-${kind}` : '';
        return contra.parts
          .map(({ net, taxes }) => {
            const tax = taxes[0] ?? null;
            const { account } = accountFor(settings, contra.purpose, tax);
            return csvLine(
              [
                ...[partner, email, `${number ?? entry.id}${suffix}`, reference ?? title],
                ...[{ day: issued_on ?? day }, { day: due_on ?? issued_on ?? day }, bookingText(booking, i18n)],
                ...['1', amount(net), account, taxText(tax, i18n) || 'Tax Exempt'],
                ...[amount(taxes.reduce((sum, { amount }) => sum + amount, 0)), currency],
              ],
              'en-US',
            );
          })
          .join('');
      },
    };
  };
