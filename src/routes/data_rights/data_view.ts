import type { I18n } from '../../documents/queries/sheet.js';
import { ACCOUNT_SECTIONS, SECTIONS } from '../../people/data_rights/archive_sections.js';
import { type ErasureReport, MOST_COUNTED } from '../../people/data_rights/data_queries.js';
import { KEPT, PERSONAL_TABLES } from '../../people/data_rights/tables/personal_tables.js';
import type { Translate } from '../../pages/i18n.js';
import { isFresh } from '../../people/sign_in/fresh_code.js';
import { identityOf } from '../shared/guard.js';
import type { RequestContext } from '../shared/request_context.js';

/** A kind of data with how much of it there is. */
export interface KindRow {
  label: string;
  count: string;
}

/** Where somebody's data is downloaded: by a form, or by a code first. */
export interface Download {
  url: string;
  by_form: boolean;
}

/** What was done when somebody was erased. */
export interface Report {
  /** When, by whom, and what else is to be known. */
  facts: string[];
  rows: KindRow[];
  kept: string[];
}

/** Of what there is nothing is left out. */
export const kindRows = (counts: Record<string, number> | undefined, { t, format }: I18n): KindRow[] =>
  [...SECTIONS, ...ACCOUNT_SECTIONS].flatMap(({ name, label }) => {
    const count = counts?.[name] ?? 0;
    const text = count > MOST_COUNTED ? t('more than {{n}}', { n: MOST_COUNTED }) : format.number(String(count));
    return count ? [{ label: t(label), count: text }] : [];
  });

/** `page`: where the data is shown, and a code leads back to. */
export const downloadFrom = ({ req }: Pick<RequestContext, 'req'>, page: string): Download =>
  isFresh(identityOf(req).session)
    ? { url: `${page}/download`, by_form: true }
    : { url: codeFirst(page), by_form: false };

/** A code, and then a page. */
const codeFirst = (page: string): string => `/verify?return_to=${encodeURIComponent(page)}`;

/** What stays when somebody is erased, and why. */
export const keptLines = (t: Translate): string[] => [...KEPT.map((why) => t(why)), t('Backups, until they expire.')];

export function reportOf(found: ErasureReport, { t, format }: I18n): Report {
  const { started_at, finished_at, erased_by: name, counts, account_kept, name_shared } = found;
  const when = format.dateTime(finished_at ?? started_at);
  const facts = [
    finished_at ? t('Erased {{when}}, by {{name}}.', { when, name }) : t('Under way since {{when}}.', { when }),
    ...(account_kept ? [t('Their way to sign in stays: it opens another organization, too.')] : []),
    ...(name_shared ? [t('Their name stays in running text: another person or company bears the same.')] : []),
  ];
  const rows = PERSONAL_TABLES.flatMap(({ name, label }) => {
    const count = counts[name] ?? 0;
    return label && count ? [{ label: t(label), count: format.number(String(count)) }] : [];
  });
  return { facts, rows, kept: keptLines(t) };
}
