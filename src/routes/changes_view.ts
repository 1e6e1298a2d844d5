import type { Change } from '../documents/changes.js';
import type { Tongue } from '../documents/sheet.js';

/** What changed since a page was opened, in its reader's words. */
export function changesView(changes: Change[], currency: string, { t, format }: Tongue) {
  const told = (value: string | number) =>
    typeof value === 'number' ? format.money(value, currency) : /^\d{4}-\d\d-\d\d$/.test(value) ? format.date(value) : value;
  return changes.map(({ what, before, after }) => ({ what: t(what), before: told(before), after: told(after) }));
}
