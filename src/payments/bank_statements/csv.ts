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

const DATES = ['yyyy-MM-dd', 'dd.MM.yyyy', 'dd.MM.yy', 'yyyyMMdd'];
const [DAY_FIRST, MONTH_FIRST] = ['d/M/yyyy', 'M/d/yyyy'] as const;

/**
 * The money that came in by a bank's CSV: with a line of headings, commas, semicolons or tabs. Days written as 05/06
 * are read in the order that fits all of the file, or else as the reader's country writes them. Without a column for it, `currency` is that of all.
 * @throws Invalid that names what is missing, or the line that can't be read
 */
export function readCsv(text: string, currency: string, locale: string): BankEntry[] {
  const { data } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' });
  const head = data.findIndex((row) => columnOf(row, 'booked_on') >= 0 && columnOf(row, 'amount') >= 0);
  const heading = data[head];
  if (!heading) throw new Invalid({ files: 'The file needs a header row with Date and Amount.' });
  const rows = data.slice(head + 1);
  const cell = (row: string[], column: Column) => (row[columnOf(heading, column)] ?? '').trim();
  const format = formatOf(
    rows.map((row) => cell(row, 'booked_on')),
    locale,
  );
  return rows.flatMap((row, i) => {
    // Banks with a column for each direction leave one of them blank.
    if (!cell(row, 'amount')) return [];
    const unit = cell(row, 'currency').toUpperCase() || currency;
    const amount = bankAmount(plainAmount(cell(row, 'amount'), unit), unit);
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
function formatOf(days: readonly string[], locale: string): string {
  const slashed = /-US\b/.test(locale) ? [MONTH_FIRST, DAY_FIRST] : [DAY_FIRST, MONTH_FIRST];
  const format = [...DATES, ...slashed].find((one) => days.every((day) => DateTime.fromFormat(day, one).isValid));
  if (!format)
    throw new Invalid({ files: 'A date in this file can’t be read, or its dates are in different formats.' });
  return format;
}
