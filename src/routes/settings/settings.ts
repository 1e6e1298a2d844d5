import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { admins, members, membersOnly, verified } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import { moveModule, showMenu } from './menu_page.js';
import { removePhoto, savePhoto, sendPhoto } from './photos.js';
import { savePreferences, showPreferences } from './preferences_page.js';
import { saveProfile, showProfile } from './profile_page.js';
import { saveRates, showRates } from './rates_page.js';
import * as views from './saved_views_page.js';
import { settingsUrl } from './settings_side.js';

const SETTINGS = '/:organization/settings';
const VIEWS = `${SETTINGS}/saved-views`;

/** What everybody sets for themselves, on both sides. */
export function settings(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    SETTINGS,
    handle(verified, (ctx) => ctx.res.redirect(303, settingsUrl(ctx, 'profile'))),
  );
  router.get(`${SETTINGS}/profile`, handle(verified, showProfile));
  router.post(`${SETTINGS}/profile`, handle(verified, saveProfile));
  router.post(
    `${SETTINGS}/profile/photo`,
    membersOnly,
    uploads(config, storage),
    handle(verified, (ctx) => savePhoto(ctx, storage)),
  );
  router.post(`${SETTINGS}/profile/photo/remove`, handle(verified, removePhoto));
  router.get(
    '/:organization/people/:person/photo',
    handle(members, (ctx) => sendPhoto(ctx, storage)),
  );
  router.get(`${SETTINGS}/preferences`, handle(verified, showPreferences));
  router.post(`${SETTINGS}/preferences`, handle(verified, savePreferences));
  router.get(`${SETTINGS}/menu`, handle(verified, showMenu));
  router.post(`${SETTINGS}/menu`, handle(verified, moveModule));
  router.get(VIEWS, handle(verified, views.show));
  router.post(VIEWS, handle(verified, views.save));
  router.post(`${VIEWS}/:view`, handle(verified, views.rename));
  router.post(`${VIEWS}/:view/move`, handle(verified, views.move));
  router.post(`${VIEWS}/:view/remove`, handle(verified, views.remove));
  router.post(`${VIEWS}/:view/restore`, handle(verified, views.restore));
  return router.use(organizationSettings(db));
}

/** What the owner and the admins set for the organization. */
function organizationSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(`${SETTINGS}/organization/rates`, handle(admins, showRates));
  router.post(`${SETTINGS}/organization/rates`, handle(admins, saveRates));
  return router;
}
