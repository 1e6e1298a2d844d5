import type { VersionDifference } from '../../documents/acting/stale.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Change, Link } from '../../pages/views/components.js';

export interface VersionLink extends Link {
  at: Date;
}

/** A document's versions, newest first, with when each was sent. A single one is not worth a list. */
export const versionsView = ({ versions }: DocumentPage, url: string, { t }: I18n): VersionLink[] =>
  versions.length < 2
    ? []
    : versions.map(({ version, created_at }) => ({
        href: `${url}/versions/${version}`,
        label: t('Version {{n}}', { n: version }),
        at: new Date(created_at),
      }));

/**
 * What differs between two versions, translated and formatted. `what` of a difference may be a line's description
 * followed by what of it changed: "Oak desk: price".
 */
export function changesView(changes: VersionDifference[], currency: string, { t, format }: I18n): Change[] {
  const labelOf = (what: string) => {
    const [, line, field] = /^(.*): (words|quantity|price|delivery|choice)$/s.exec(what) ?? [];
    return line === undefined ? t(what) : `${line}: ${t(field ?? '')}`;
  };
  const valueOf = (value: string | number, what: string) => {
    if (typeof value === 'number') return format.money(value, currency);
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return format.date(value);
    if (/: (price|quantity)$/.test(what) && value) return format.number(value);
    return /: choice$/.test(what) ? t(value) : value;
  };
  return changes.map(({ what, before, after }) => ({
    what: labelOf(what),
    before: valueOf(before, what),
    after: valueOf(after, what),
  }));
}
