import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { preferencesOf, readPreferences, savePreferences } from '../../people/email_preferences.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { settingsSide } from '../settings/settings_side.js';
import { verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { emailSettings, emailSettingsView, type Typed, typedOf } from './email_settings_view.js';
import { mutedBy } from './notification_queries.js';

/** Which emails a person wants, how often and when. */
export function notificationSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const url = '/:organization/settings/notifications';
  router.get(
    url,
    handle(verified, async (ctx) => ctx.res.send(await page(ctx, null, {}))),
  );
  router.post(url, handle(verified, save));
  return router;
}

function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const work = async ({ db }: RequestContext) => {
    await savePreferences(db.knex, actor, readPreferences(req.body));
    return `/${membership.slug}/settings/notifications?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, submittedText(req.body), errors));
}

/** `typed`: a form that could not be saved. */
async function page(ctx: RequestContext, typed: Typed | null, errors: Errors): Promise<string> {
  const { db, actor, membership } = ctx;
  const [[chosen], muted] = await read(db.pool, actor, preferencesOf(actor), mutedBy(actor));
  const values = typed ?? typedOf(chosen);
  const input = emailSettings({
    side: settingsSide(ctx, 'notifications'),
    actor,
    membership,
    muted,
    values,
    errors,
    i18n: i18nOf(actor),
  });
  return contextPage(ctx, emailSettingsView, translatorOf(ctx)('Notifications'), input);
}
