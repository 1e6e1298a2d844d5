import { Router } from 'express';
import { read } from '../../db/scope.js';
import { renderPage } from '../../pages/views/render.js';
import { bankKeys } from '../../people/banking/bank_keys.js';
import { reachStep } from '../../people/invitations/take_invitation.js';
import { submitOnce } from '../acts/once.js';
import { listedTypes } from '../settings/modules_menu.js';
import { membersOnly, verified } from '../shared/guard.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import type { ActivationServices } from './activation.js';
import { overviewView } from './activation_views.js';
import { showDone } from './done_page.js';
import { overviewQueries, takenInvitation } from './overview_queries.js';
import { overviewOf } from './overview_view.js';
import { saveProfile, showProfile } from './profile_step.js';
import { requireTaken, stepLayout } from './step_layout.js';

const ALL = '/:organization/activation';

/** The steps after the first, each with its own address; all of them can be left out. */
export function activationSteps({ db, config, storage, secrets }: ActivationServices): Router {
  const router = Router();
  const handle = withContext(db);
  const banking = bankKeys(config, secrets).length > 0;
  router.get(`${ALL}/profile`, handle(verified, showProfile));
  router.post(
    `${ALL}/profile`,
    membersOnly,
    uploads(config, storage),
    handle(verified, (ctx) => saveProfile(ctx, storage)),
  );
  router.get(`${ALL}/overview`, handle(verified, showOverview));
  router.post(`${ALL}/overview`, handle(verified, finish));
  router.get(
    `${ALL}/done`,
    handle(verified, (ctx) => showDone(ctx, config, banking)),
  );
  return router;
}

async function showOverview(ctx: RequestContext) {
  const { db, actor, membership, res } = ctx;
  const types = listedTypes(actor, membership).map(({ name }) => name);
  const results = await read(db.pool, actor, ...overviewQueries(actor, types));
  requireTaken(ctx, results[0][0]);
  const input = { action: `/${membership.slug}/activation/overview`, ...overviewOf(results, actor, membership) };
  res.send(renderPage(overviewView, stepLayout(ctx, 'What you’ll find here'), input));
}

async function finish(ctx: RequestContext) {
  const [[taken]] = await read(ctx.db.pool, ctx.actor, takenInvitation(ctx.actor));
  requireTaken(ctx, taken);
  const work = async ({ db }: RequestContext) => {
    await reachStep(db.knex, ctx.actor, 4);
    return `/${ctx.membership.slug}/activation/done`;
  };
  return submitOnce(ctx, work, () => '');
}
