import type { Request, Response } from 'express';
import type { Config } from '../../../config.js';
import type { Database } from '../../../db/database.js';
import { hashOf } from '../../../db/secrets.js';
import { read } from '../../../db/scope.js';
import { NotFound } from '../../../errors.js';
import { defineView } from '../../../pages/views/render.js';
import { feedText } from '../../../projects/calendar_feed/feed_text.js';
import { endFeed, feedOwner, makeFeed, type OwnFeed, ownFeed } from '../../../projects/calendar_feed/feed_token.js';
import { one } from '../../forms/field_values.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../../settings/settings_side.js';
import { formInput } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';

interface FeedInput {
  side: SettingsSide;
  url: string;
  /** Null: there is none. */
  feed: OwnFeed | null;
  /** Shown once, right after it was made. */
  address: string | null;
  ended: boolean;
}

export const feedView = defineView<FeedInput>('settings/calendar');

/** Where somebody gets the address of their calendar for other programs. */
export async function showFeed(ctx: RequestContext) {
  const [[feed]] = await read(ctx.db.pool, ctx.actor, ownFeed(ctx.actor));
  sendSettings(ctx, { feed: feed ?? null, address: null, ended: false });
}

/** Makes an address, in the place of the one there was, or ends it. Not twice by accident: the last one counts. */
export async function changeFeed(ctx: RequestContext, { base_url }: Config) {
  const { db, actor } = ctx;
  const fields = formInput(ctx);
  if (one(fields, 'end')) {
    await endFeed(db.knex, actor);
    return sendSettings(ctx, { feed: null, address: null, ended: true });
  }
  const only_own = one(fields, 'only_own') !== '';
  const token = await makeFeed(db.knex, actor, only_own);
  const feed = { only_own, created_at: actor.now ?? new Date() };
  return sendSettings(ctx, { feed, address: `${base_url}/calendar/${token}.ics`, ended: false });
}

function sendSettings(ctx: RequestContext, shown: Pick<FeedInput, 'feed' | 'address' | 'ended'>): void {
  const { t } = i18nOf(ctx.actor);
  const side = settingsSide(ctx, 'calendar');
  ctx.res.send(contextPage(ctx, feedView, t('Calendar'), { ...shown, side, url: settingsUrl(ctx, 'calendar') }));
}

const TOKEN = /^[\w-]{43}$/;

/** The calendar that an address of somebody leads to; nothing more than it was, if nothing has changed. */
export async function sendFeed(db: Database, config: Config, req: Request, res: Response) {
  const token = String(req.params['token']);
  const owner = TOKEN.test(token) ? await feedOwner(db.pool, token) : null;
  if (!owner) throw new NotFound();
  const text = await feedText(db.pool, owner, config);
  res.set({ ETag: `"${hashOf(text)}"`, 'Cache-Control': 'private, no-cache' });
  if (req.fresh) return res.sendStatus(304);
  return res.type('text/calendar; charset=utf-8').send(text);
}
