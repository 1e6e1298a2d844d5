import { DateTime } from 'luxon';
import Papa from 'papaparse';
import { Invalid } from '../../errors.js';
import type { BankEntry } from './bank_entry.js';
import { bankAmount, plainAmount } from './bank_amount.js';

/** What the columns of banks are called, in our languages; compared in small letters. */
const COLUMNS = {
  booked_on: ['date', 'booking date', 'posting date', 'buchungstag', 'buchungsdatum', 'datum', 'fecha', 'fecha valor'],
  amount: ['amount', 'credit', 'betrag', 'montant', 'crédit', 'importe', 'importe (eur)', 'abono'],
  currency: ['currency', 'währung', 'waehrung', 'devise', 'divisa', 'moneda'],
  reference: ['reference', 'description', 'details', 'verwendungszweck', 'buchungstext', 'libellé', 'concepto'],
  payer: ['name', 'payer', 'payee', 'auftraggeber', 'beguenstigter/zahlungspflichtiger', 'nom', 'ordenante'],
} as const;

type Column = keyof typeof COLUMNS;

const DATES = ['yyyy-MM-dd', 'dd.MM.yyyy', 'dd.MM.yy', 'dd/MM/yyyy', 'MM/dd/yyyy', 'yyyyMMdd'];

/**
 * The money that came in by a bank's CSV: with a line of headings, commas, semicolons or tabs. Days written as 05/06
 * are read in the order that fits all of the file. Without a column for it, `currency` is that of all.
 * @throws Invalid that names what is missing, or the line that can't be read
 */
export function readCsv(text: string, currency: string): BankEntry[] {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const head = data.findIndex((row) => columnOf(row, 'booked_on') >= 0 && columnOf(row, 'amount') >= 0);
  const heading = data[head];
  if (!heading) throw new Invalid({ files: 'The file needs a line of headings with Date and Amount.' });
  const rows = data.slice(head + 1);
  const cell = (row: string[], column: Column) => (row[columnOf(heading, column)] ?? '').trim();
  const format = formatOf(rows.map((row) => cell(row, 'booked_on')));
  return rows.flatMap((row, i) => {
    const unit = cell(row, 'currency').toUpperCase() || currency;
    const amount = bankAmount(plainAmount(cell(row, 'amount')), unit);
    if (amount === null)
      throw new Invalid({ files: 'Line {{line}}: this amount can’t be read.' }, { line: head + i + 2 });
    const booked_on = DateTime.fromFormat(cell(row, 'booked_on'), format).toISODate() ?? '';
    const entry = { booked_on, amount, currency: unit, bank_reference: '' };
    return amount > 0 ? [{ ...entry, reference: cell(row, 'reference'), payer: cell(row, 'payer') }] : [];
  });
}

const columnOf = (row: readonly string[], column: Column) =>
  row.findIndex((name) => (COLUMNS[column] as readonly string[]).includes(name.trim().toLowerCase()));

/** The one way of writing days that fits all of them. @throws Invalid if there is none */
function formatOf(days: readonly string[]): string {
  const format = DATES.find((one) => days.every((day) => DateTime.fromFormat(day, one).isValid));
  if (!format)
    throw new Invalid({ files: 'A day of this file can’t be read, or its days are written in several ways.' });
  return format;
}
