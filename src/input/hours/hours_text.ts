import { decimalMark } from '../read_number.js';

/**
 * Minutes as hours: '1:30', or where people count in decimals '1,5'. What it writes, `readDuration` reads back to the
 * minute.
 */
export function hoursText(minutes: number, locale: string): string {
  if (!locale.startsWith('de')) return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  return String(Math.round(minutes / 0.6) / 100).replace('.', decimalMark(locale));
}
