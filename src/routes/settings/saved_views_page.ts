import { z } from 'zod';
import { read } from '../../db/scope.js';
import { oneLine } from '../../input/valid_input.js';
import { defineView } from '../../pages/views/render.js';
import { readForm, submittedText } from '../../people/form_values.js';
import * as views from '../../people/preferences/saved_views.js';
import { once, submitOnce } from '../acts/once.js';
import { describeView } from '../lists/view_words.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { type SettingsSide, settingsSide, settingsUrl } from './settings_side.js';

interface SavedViewsInput {
  side: SettingsSide;
  url: string;
  views: ViewRow[];
  /** Where the view that was just removed is put back. */
  undo: string | null;
  /** Why a view could not be saved. */
  error: string | null;
}

interface ViewRow {
  id: string;
  name: string;
  href: string;
  /** What it filters, in words. */
  shows: string;
  url: string;
  rename_url: string;
  /** Its name as it is typed; null while it is not renamed. */
  typed: string | null;
  error: string | null;
}

export const savedViewsView = defineView<SavedViewsInput>('settings/saved_views');

const ViewName = z.object({
  name: z
    .string()
    .default('')
    .transform(oneLine)
    .pipe(z.string().min(1, 'Give it a name.').max(100, 'Use at most 100 characters.')),
});

/** `path` is the address of a list of ours, with nothing that could lead elsewhere. */
const NewView = ViewName.extend({ path: z.string().default('') }).refine(
  ({ path }) => path.length <= 1000 && /^[a-z-]+(\?[\w\-.%=&+~*]*)?$/.test(path),
  { path: ['name'], message: 'This view can’t be kept.' },
);

const allUrl = (ctx: RequestContext) => settingsUrl(ctx, 'saved-views');

export const show = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

/** From a list: leads back to it. */
export function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const work = async ({ db }: RequestContext) => {
    const view = readForm(NewView, req.body);
    await views.saveView(db.knex, actor, view);
    return `/${membership.slug}/${view.path}`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { errors }));
}

export function rename(ctx: RequestContext) {
  const { req, actor } = ctx;
  const id = pathId(req, 'view');
  const work = async ({ db }: RequestContext) => {
    await views.renameView(db.knex, actor, id, readForm(ViewName, req.body).name);
    return allUrl(ctx);
  };
  return submitOnce(ctx, work, (errors) =>
    page(ctx, { renamed: id, typed: submittedText(req.body)['name'] ?? '', errors }),
  );
}

/** Does something to one view, then shows all. */
const doing = (work: (ctx: RequestContext, id: string) => Promise<void>, query = '') =>
  async function handler(ctx: RequestContext) {
    const id = pathId(ctx.req, 'view');
    const url = allUrl(ctx) + query.replace('{id}', id);
    const answer = await once(ctx, async (again) => {
      await work(again, id);
      return url;
    });
    ctx.res.redirect(303, answer);
  };

const Move = z.object({ up: z.string().optional() });

export const move = doing(({ db, actor, req }, id) =>
  views.moveView(db.knex, actor, id, readForm(Move, req.body).up ? -1 : 1),
);
export const remove = doing(({ db, actor }, id) => views.removeView(db.knex, actor, id), '?removed={id}');
export const restore = doing(({ db, actor }, id) => views.restoreView(db.knex, actor, id));

/** The form that could not be done: of the view `renamed`, or of a new one. */
interface Refused {
  renamed?: string;
  typed?: string;
  errors: Errors;
}

async function page(ctx: RequestContext, { renamed, typed, errors }: Refused = { errors: {} }): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const [saved] = await read(db.pool, actor, views.savedViewsOf(actor));
  const i18n = i18nOf(actor);
  const url = allUrl(ctx);
  const error = errors['name'] ?? null;
  const opened = renamed ?? req.query['rename'];
  const removed = textParam.parse(req.query['removed']);
  return contextPage(ctx, savedViewsView, i18n.t('Saved views'), {
    side: settingsSide(ctx, 'saved-views'),
    url,
    views: saved.map((view) => ({
      ...{ id: view.id, name: view.name, href: `/${membership.slug}/${view.path}` },
      ...{ shows: describeView(view, i18n), url: `${url}/${view.id}`, rename_url: `${url}?rename=${view.id}` },
      typed: view.id === opened ? (typed ?? view.name) : null,
      error: view.id === renamed ? error : null,
    })),
    undo: /^[\w-]{36}$/.test(removed) && !saved.some(({ id }) => id === removed) ? `${url}/${removed}/restore` : null,
    error: renamed ? null : error,
  });
}
