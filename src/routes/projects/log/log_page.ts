import { z } from 'zod';
import { isId } from '../../../db/ids.js';
import { NotFound } from '../../../errors.js';
import { projectAddress } from '../../../mail/address.js';
import { addDays } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { idParam } from '../../shared/params.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { addressKey } from '../details/details_queries.js';
import { offersAct } from '../project_offers.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { logDay, type LogDay, logDays, logShown, type LogCursor } from './log_queries.js';
import { type LogItem, logItem } from './log_view.js';

/** A project's log, by month, the newest day first. */
interface LogInput {
  frame: ProjectFrame;
  months: { month: string; days: LogItem[] }[];
  next: string | null;
  /** The month that the list begins with, if one was chosen: '2026-11'. */
  month: string;
  list_url: string;
  new_url: string | null;
  /** Where a vendor sends days to. */
  address: string | null;
  /** For staff who may change it: whether new days are shown to the customer, by name. */
  sharing: { url: string; shown: boolean; customer: string } | null;
}

interface DayInput {
  frame: ProjectFrame;
  day: LogItem;
  list_url: string;
}

export const logTab = defineView<LogInput>('projects/log/page');
export const logDayView = defineView<DayInput>('projects/log/day');

const PAGE_SIZE = 31;
const PHOTOS = 8;

const Params = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .catch(''),
  day: z.iso.date().nullable().catch(null),
  before: idParam,
});

/** The days before those of the page before, or up to the end of a month. */
function cursorOf({ month, day, before }: z.output<typeof Params>): LogCursor | null {
  if (day && before) return { day, id: before };
  return month ? { day: addDays(`${month}-28`, 4).replace(/\d\d$/, '01'), id: FIRST } : null;
}

/** Below every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** A project's log. */
export async function showLogPage(ctx: RequestContext) {
  const { req, res, actor } = ctx;
  const key = keyIn(ctx);
  const params = Params.parse(req.query);
  const days = logDays(actor, key, PAGE_SIZE, cursorOf(params));
  const { head, frame, found, i18n, url } = await readPage(
    ctx,
    'log',
    ...([days, logShown(actor, key), addressKey(actor, key)] as const),
  );
  const [rows, [setting], [address]] = found;
  const staff = actor.side === 'staff';
  const sends = address && actor.partner_id !== null && actor.partner_id !== head.partner_id;
  const { slug, organization } = ctx.membership;
  const reading = { slug, i18n, url, staff, organization, most: PHOTOS };
  const shown = rows.slice(0, PAGE_SIZE);
  const input: LogInput = {
    frame,
    months: byMonth(shown).map(([month, of]) => ({ month, days: of.map((row) => logItem(row, reading)) })),
    next: rows.length > PAGE_SIZE ? nextPage(shown.at(-1), url) : null,
    month: params.month,
    list_url: `${url}/log`,
    new_url: offersAct(actor, head, 'add_log') ? `${url}/log/new` : null,
    address: sends ? projectAddress(head.key, address.key, String(req.app.get('mail domain'))) : null,
    sharing: offersAct(actor, head, 'show_logs')
      ? { url: `${url}/show_logs`, shown: setting?.log_shown ?? false, customer: head.partner }
      : null,
  };
  res.send(contextPage(ctx, logTab, head.name, input));
}

const nextPage = (last: LogDay | undefined, url: string) =>
  last ? `${url}/log?${new URLSearchParams({ day: last.day, before: last.id }).toString()}` : null;

function byMonth(rows: readonly LogDay[]): [string, LogDay[]][] {
  const months = new Map<string, LogDay[]>();
  for (const row of rows) {
    const month = row.day.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), row]);
  }
  return [...months];
}

/** One day of the log, with all its photos. @throws NotFound */
export async function showLogDay(ctx: RequestContext) {
  const { req, res, actor } = ctx;
  const key = keyIn(ctx);
  const id = String(req.params['log']);
  const { head, frame, found, i18n, url } = await readPage(ctx, 'log', logDay(actor, key, isId(id) ? id : null));
  const [[row]] = found;
  if (!row) throw new NotFound();
  const { slug, organization } = ctx.membership;
  const reading = { slug, i18n, url, staff: actor.side === 'staff', organization, most: Infinity };
  const day = logItem(row, reading);
  res.send(
    contextPage(ctx, logDayView, `${i18n.format.date(row.day)} · ${head.name}`, { frame, day, list_url: `${url}/log` }),
  );
}
