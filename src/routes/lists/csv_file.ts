import { formatDecimalInput, fromMinor } from '../../documents/content/decimals.js';

/** Text, an ISO day, a decimal, or an amount in minor units. */
export type Cell = string | null | { day: string | null } | { decimal: string } | { minor: number; currency: string };

/** Spreadsheets read a file as UTF-8 only if it begins with it. */
export const BYTE_ORDER_MARK = '\ufeff';

/** A telephone number: `typed` where text stays text, otherwise with nothing in it that could be computed. */
const PHONE = { typed: /^\+[\d ()/.-]+$/, plain: /^\+[\d ()]+$/ };

/** Puts an apostrophe before text that a spreadsheet would run as a formula (OWASP, CSV injection). */
export const withoutFormula = (text: string, cell: keyof typeof PHONE) =>
  /^[=+\-@＝＋－＠\t\r\n]/.test(text) && !PHONE[cell].test(text) ? `'${text}` : text;

/**
 * Writes records of RFC 4180 as the reader's spreadsheet expects them: where the comma begins the decimals, fields end
 * with a semicolon.
 */
export function csvLine(cells: Cell[], locale: string): string {
  const mark = formatDecimalInput('1.5', locale).charAt(1);
  const separator = mark === ',' ? ';' : ',';
  const text = (cell: Cell) => {
    if (cell === null || typeof cell === 'string') return withoutFormula(cell ?? '', 'plain');
    if ('decimal' in cell) return formatDecimalInput(cell.decimal, locale);
    return 'day' in cell ? (cell.day ?? '') : fromMinor(cell.minor, cell.currency).replace('.', mark);
  };
  const special = new RegExp(`["${separator}\\r\\n]`);
  const quoted = (field: string) => (special.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  return `${cells.map((cell) => quoted(text(cell))).join(separator)}\r\n`;
}
