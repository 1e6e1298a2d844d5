import type { VersionDifference } from '../../documents/acting/stale.js';
import type { I18n } from '../../documents/queries/sheet.js';

/**
 * Differences as their reader's language says them. `what` may be a line's words with what of it changed: "Oak desk:
 * price".
 */
export function changesView(changes: VersionDifference[], currency: string, { t, format }: I18n) {
  const told = (value: string | number, what: string) => {
    if (typeof value === 'number') return format.money(value, currency);
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return format.date(value);
    if (/: (price|quantity)$/.test(what) && value) return format.number(value);
    return /: choice$/.test(what) ? t(value) : value;
  };
  const named = (what: string) => {
    const [, line, part] = /^(.*): (words|quantity|price|delivery|choice)$/s.exec(what) ?? [];
    return line === undefined ? t(what) : `${line}: ${t(part ?? '')}`;
  };
  return changes.map(({ what, before, after }) => ({
    what: named(what),
    before: told(before, what),
    after: told(after, what),
  }));
}
