import { type RequestHandler, Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { bankKeys } from '../../people/banking/bank_keys.js';
import { confirmDetails } from '../../people/partner_profile/change_profile.js';
import { once } from '../acts/once.js';
import { membersOnly, staff, verified } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import { newAccount, removeAccount, showAccount, showNumbers, submitAccount } from './banking.js';
import { editDetails, submitDetails } from './details_form.js';
import { newFile, sendPartnerFile, submitFile } from './partner_file_form.js';
import { editablePlace, readProfile } from './profile_request.js';
import { profileShow, profileView } from './profile_view.js';

interface ProfileServices {
  db: Database;
  config: Config;
  storage: Storage;
  /** The installation's, honoured ones. */
  secrets: readonly string[];
}

/** Lets what is routed here in by its guard. */
type On = (handler: (ctx: RequestContext) => unknown) => RequestHandler;

/** What a partner says of itself: its own page, and the same at the desk. */
export function profile({ db, config, storage, secrets }: ProfileServices): Router {
  const router = Router();
  const handle = withContext(db);
  const keys = bankKeys(config, secrets);
  const places = [
    ['/:organization/profile', verified],
    ['/:organization/partners/:partner/profile', staff],
  ] as const;
  for (const [base, guard] of places) {
    const on: On = (handler) => handle(guard, handler);
    const showProfile = (ctx: RequestContext) => show(ctx, keys.length > 0);
    router.get(base, on(showProfile));
    router.get(`${base}/edit`, on(editDetails));
    router.post(`${base}/edit`, on(submitDetails));
    banking(router, `${base}/banking`, on, keys);
    files(router, `${base}/files`, on, config, storage);
  }
  // Who entered it doesn't confirm it.
  router.post('/:organization/profile/confirm', handle(verified, confirm));
  return router;
}

function banking(router: Router, base: string, on: On, keys: readonly string[]): void {
  const withKeys = (handler: (ctx: RequestContext, keys: readonly string[]) => unknown) =>
    on((ctx) => handler(ctx, keys));
  router.get(`${base}/new`, withKeys(newAccount));
  router.post(base, withKeys(submitAccount));
  router.get(`${base}/:account`, withKeys(showAccount));
  router.post(`${base}/:account/show`, on(showNumbers));
  router.post(`${base}/:account/remove`, on(removeAccount));
}

function files(router: Router, base: string, on: On, config: Config, storage: Storage): void {
  const withStorage = (handler: (ctx: RequestContext, storage: Storage) => unknown) =>
    on((ctx) => handler(ctx, storage));
  router.get(`${base}/new`, on(newFile));
  router.post(base, membersOnly, uploads(config, storage), withStorage(submitFile));
  router.get(`${base}/:id/:name`, withStorage(sendPartnerFile));
}

async function show(ctx: RequestContext, banking: boolean) {
  const input = profileView(ctx, await readProfile(ctx), banking);
  ctx.res.send(contextPage(ctx, profileShow, input.title, input));
}

/** A contact says that what staff entered is right. */
async function confirm(ctx: RequestContext) {
  const { actor, res } = ctx;
  const { partner_id, url } = editablePlace(ctx, 'details');
  const work = async ({ db }: RequestContext) => {
    await confirmDetails(db.knex, actor, partner_id);
    return `${url}?done=confirmed`;
  };
  res.redirect(303, await once(ctx, work));
}
