import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { NotFound } from '../../errors.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import { lacksModule, sendMissingModule } from '../colleagues/module_requests.js';
import { members, verified } from '../shared/guard.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { showFile } from './file_page.js';
import { showFolder } from './folder_pages.js';

/** What a partner and the organization share beside documents: the folder, and the page of each file. */
export function sharedFiles(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const all = `/:organization/${sharedFolder.path}`;
  router.get(all, handle(verified, leadToOwn));
  router.get(
    `${all}/:key`,
    handle(members, (ctx) => showFolder(ctx)),
  );
  router.get(`${all}/:key/files/:file`, handle(members, oneFile));
  return router;
}

/** A partner has one folder; staff find that of a partner on its page. */
function leadToOwn(ctx: RequestContext) {
  const { res, actor, membership } = ctx;
  if (lacksModule(ctx, sharedFolder.module)) return sendMissingModule(ctx, sharedFolder.module);
  if (actor.guest) throw new NotFound();
  const path = actor.partner_id ? `${sharedFolder.path}/${actor.partner_id}` : 'partners';
  return res.redirect(303, `/${membership.slug}/${path}`);
}

async function oneFile(ctx: RequestContext) {
  if (!(await showFile(ctx, String(ctx.req.params['file'])))) throw new NotFound();
}
