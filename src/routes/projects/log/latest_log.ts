import type { Actor, Query } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import type { RequestContext } from '../../shared/request_context.js';
import { offersAct } from '../project_offers.js';
import { type LogDay, logDays } from './log_queries.js';
import { type LogItem, logItem } from './log_view.js';

/** The last days of a project's log, beside something else: see views/projects/log/latest.ejs. */
export interface LatestLog {
  days: LogItem[];
  all_url: string;
  /** For staff: the form of a new day. */
  new_url: string | null;
}

/** So many days, with so many photos each. */
const DAYS = 3;
const PHOTOS = 3;

/** Read with the page that shows them. */
export const latestDays = (actor: Actor, key: string): Query<LogDay> => logDays(actor, key, DAYS);

/** What the days look like for their reader, on a page of the project that was read. */
export function latestLog(
  rows: readonly LogDay[],
  { actor, membership: { slug, organization } }: RequestContext,
  { head, i18n, url }: { head: ProjectHead; i18n: I18n; url: string },
): LatestLog {
  const reading = { slug, organization, i18n, url, staff: actor.side === 'staff', most: PHOTOS };
  return {
    days: rows.slice(0, DAYS).map((row) => logItem(row, reading)),
    all_url: `${url}/log`,
    new_url: offersAct(actor, head, 'add_log') ? `${url}/log/new` : null,
  };
}
