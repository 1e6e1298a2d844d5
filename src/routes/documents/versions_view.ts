import { changesIn, describeDifferences, type Difference } from '../../activity/difference.js';
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

/** What the newest version changed, if it was a revision. */
export function revisionView({ activities, version, currency }: DocumentPage, i18n: I18n): Change[] | null {
  const last = activities.findLast(({ details }) => details['changed_in'] === version);
  const changes = last && changesIn(last.details);
  return changes ? changesView(changes, currency, i18n) : null;
}

/** What differs between two versions, for a page. The line comes before what of it changed: "Oak desk: price". */
export const changesView = (differences: readonly Difference[], currency: string, i18n: I18n): Change[] =>
  describeDifferences(differences, 'versions', currency, i18n).map(({ what, field, before, after }) => ({
    what: [what, field].filter(Boolean).join(': '),
    before: before ?? '',
    after: after ?? '',
  }));
