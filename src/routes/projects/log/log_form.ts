import { isId } from '../../../db/ids.js';
import { NotFound } from '../../../errors.js';
import { today } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { one } from '../../forms/field_values.js';
import type { ActionPage, Errors, FormState } from '../../shared/form.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { maxBytes, sizeText } from '../../shared_files/files_view.js';
import { offersAct } from '../project_offers.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { logDay, type LogDay, logShown } from './log_queries.js';
import { type LogItem, logItem } from './log_view.js';

/** The form of a new day of the log, or of one that is there. */
interface LogFormInput {
  frame: ProjectFrame;
  title: string;
  /** '/harbor/projects/MAPLE'. */
  url: string;
  action: string;
  log: string | null;
  cancel: string;
  values: Values;
  errors: Errors;
  customer: string;
  size_text: string;
  today: string;
  /** A day that is there, with its photos. `theirs`: a vendor has sent it, so that its words stay as they are. */
  there: (LogItem & { photo_ids: string[]; theirs: boolean; shown: boolean }) | null;
}

const FIELDS = ['day', 'no_work', 'people', 'weather', 'text', 'descriptions'] as const;
type Values = Record<(typeof FIELDS)[number], string> & { shown: boolean };

export const logFormView = defineView<LogFormInput>('projects/log/form');

/** The form of a new day. @throws NotFound for whom may write none */
export const newLog = (ctx: RequestContext, form: FormState | null = null) => showForm(ctx, null, form);

/** The form of a day. @throws NotFound */
export async function editLog(ctx: RequestContext) {
  if (!(await showForm(ctx, String(ctx.req.params['log']), null))) throw new NotFound();
}

/** Whether there is such a day. */
async function showForm(ctx: RequestContext, id: string | null, form: FormState | null): Promise<boolean> {
  const { res, actor, membership } = ctx;
  const key = keyIn(ctx);
  const wanted = logDay(actor, key, id !== null && isId(id) ? id : null);
  const { head, frame, found, i18n, url } = await readPage(ctx, 'log', wanted, logShown(actor, key));
  const [[row], [setting]] = found;
  if (!offersAct(actor, head, 'add_log')) throw new NotFound();
  if (id !== null && !row) return false;
  const title = row ? i18n.format.weekday(row.day) : i18n.t('New day in the log');
  const { slug, organization } = membership;
  const reading = { slug, i18n, url, staff: true, organization, most: Infinity };
  const input: LogFormInput = {
    ...{ frame, title, url, log: row?.id ?? null, customer: head.partner, cancel: `${url}/log` },
    action: `${url}/${row ? 'change_log' : 'add_log'}`,
    values: valuesOf(form, row ?? null, { day: today(actor), shown: setting?.log_shown ?? false }),
    errors: form?.errors ?? {},
    size_text: sizeText(maxBytes(ctx), i18n.t),
    today: today(actor),
    there: row ? { ...logItem(row, reading), photo_ids: photosOf(row).map((photo) => photo.id), ...ofDay(row) } : null,
  };
  res.send(contextPage(ctx, logFormView, title, input));
  return true;
}

const ofDay = ({ theirs, shown }: LogDay) => ({ theirs, shown });

const photosOf = ({ files }: LogDay) => files.filter(({ content_type }) => content_type.startsWith('image/'));

/** As typed, or as the day is saved, or as a new one begins. */
function valuesOf(form: FormState | null, row: LogDay | null, begins: { day: string; shown: boolean }): Values {
  const typed = form && ['add_log', 'change_log'].includes(form.action) ? form.input : null;
  const saved = row
    ? {
        ...row,
        descriptions: photosOf(row)
          .map(({ description }) => description)
          .join('\n'),
      }
    : { ...begins, no_work: '', people: '', weather: '', text: '', descriptions: '' };
  const value = (name: (typeof FIELDS)[number]) => (typed ? one(typed, name) : saved[name]);
  return {
    ...{ day: value('day'), no_work: value('no_work'), people: value('people'), weather: value('weather') },
    ...{ text: value('text'), descriptions: value('descriptions') },
    shown: typed ? one(typed, 'shown') !== '' : saved.shown,
  };
}

/** The page with the form of a day; once that is gone, the form of a new one. Back to the log from most. */
export const logFormPage: ActionPage = {
  async show(ctx, form) {
    const id = one(form.input, 'log') || null;
    if (!(await showForm(ctx, id, form))) await newLog(ctx, form);
  },
  next(ctx, _result, action) {
    const url = `/${ctx.membership.slug}/projects/${keyIn(ctx)}/log`;
    const log = one({ ...ctx.req.body }, 'log');
    return action === 'remove_photo' ? `${url}/${log}/edit?done=saved` : `${url}?done=saved`;
  },
};
