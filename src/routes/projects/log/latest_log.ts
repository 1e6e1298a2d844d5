import type { Actor, Query } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
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

/** `url`: of the project. `organization`: its name. `writes`: its reader may write a day. */
interface LogReader {
  slug: string;
  i18n: I18n;
  url: string;
  staff: boolean;
  organization: string;
  writes: boolean;
}

/** What the days look like for their reader. */
export const latestLog = (rows: readonly LogDay[], { writes, ...reading }: LogReader): LatestLog => ({
  days: rows.slice(0, DAYS).map((row) => logItem(row, { ...reading, most: PHOTOS })),
  all_url: `${reading.url}/log`,
  new_url: writes ? `${reading.url}/log/new` : null,
});
