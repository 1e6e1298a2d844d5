import type { Booking } from '../../documents/bookkeeping/bookings.js';
import type { BookedTax } from '../../documents/bookkeeping/split.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import type { I18n } from '../../documents/queries/sheet.js';

const KINDS: Record<string, string> = {
  charge: 'Invoice',
  bill: 'Bill',
  credit: 'Credit note',
  payment: 'Payment',
  refund: 'Refund',
  reversal: 'Payment reversed',
  void: 'Voided',
  write_off: 'Written off',
  discount: 'Discount',
  apply: 'Deposit taken off',
};

/** "Invoice INV-0042: Reception". */
export function bookingText({ entry }: Booking, { t }: Pick<I18n, 't'>): string {
  const { kind, number, title } = entry;
  return [[t(KINDS[kind] ?? 'Booking'), number].filter(Boolean).join(' '), title].filter(Boolean).join(': ');
}

/** "VAT 19%", or a percentage alone. */
export const taxText = (tax: BookedTax | null, { format }: Pick<I18n, 'format'>): string =>
  tax && (tax.name || Number(tax.rate)) ? taxLabel(tax, format) : '';

/** The number that a booking is filed under. */
export const voucherOf = ({ entry }: Booking): string => entry.number ?? entry.reference ?? entry.id;
