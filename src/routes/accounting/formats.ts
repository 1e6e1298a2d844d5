import { once } from 'node:events';
import type { AccountingSettings } from '../../documents/bookkeeping/accounting_settings.js';
import type { BookedPeriod } from '../../documents/bookkeeping/booked_entries.js';
import type { Booking } from '../../documents/bookkeeping/bookings.js';
import { readBookings } from '../../documents/bookkeeping/journal.js';
import type { RequestContext } from '../shared/request_context.js';
import { datevFile } from './datev_file.js';
import { journalFile } from './journal_file.js';
import { quickBooksFile } from './quickbooks_file.js';
import { xeroFile } from './xero_file.js';

/** A file for an accountant's program: how it begins, and what each booking is in it. */
export interface BooksFile {
  name: string;
  type: string;
  head: string;
  lines: (booking: Booking) => string;
  encode?: (text: string) => Buffer;
}

/** What a file is written for. */
export interface BooksContext {
  ctx: RequestContext;
  period: BookedPeriod;
  settings: AccountingSettings;
}

export const FORMATS = [
  {
    name: 'journal',
    label: 'Journal',
    explains: 'Every booking with its accounts, for any program',
    file: journalFile,
  },
  { name: 'datev', label: 'DATEV', explains: 'Booking batch (EXTF)', file: datevFile },
  { name: 'quickbooks', label: 'QuickBooks', explains: 'Journal entries to import', file: quickBooksFile },
  {
    name: 'xero-sales',
    label: 'Xero, sales',
    explains: 'Invoices and credit notes to import',
    file: xeroFile('customer'),
  },
  { name: 'xero-bills', label: 'Xero, bills', explains: 'Bills to import', file: xeroFile('vendor') },
] as const;
type Format = (typeof FORMATS)[number]['name'];

export const isFormat = (name: string): name is Format => FORMATS.some((format) => format.name === name);

/** Sends a period's bookings while they are read: a reader that is slow to take them slows that down. */
export async function sendBooks(ctx: RequestContext, name: Format, period: BookedPeriod, settings: AccountingSettings) {
  const { db, actor, res } = ctx;
  const format = FORMATS.find((one) => one.name === name) ?? FORMATS[0];
  const file: BooksFile = format.file({ ctx, period, settings });
  const { encode = (text) => Buffer.from(text) } = file;
  res.attachment(file.name).type(file.type);
  res.write(encode(file.head));
  for await (const booking of readBookings(db, actor, period)) {
    if (res.destroyed) return;
    const text = file.lines(booking);
    if (text && !res.write(encode(text))) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  }
  res.end();
}
