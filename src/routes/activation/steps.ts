import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { type Query, read } from '../../db/scope.js';
import { describeState } from '../../documents/queries/sheet.js';
import { awaitedFromPartner } from '../../documents/queries/waiting.js';
import { NotFound } from '../../errors.js';
import { accentUrl } from '../../pages/styles/accent.js';
import { today } from '../../pages/days.js';
import type { ActivationLayout } from '../../pages/views/layouts.js';
import { renderPage } from '../../pages/views/render.js';
import { line, readForm, submittedText } from '../../people/form_values.js';
import { reachStep } from '../../people/invitations/take_invitation.js';
import { submitOnce } from '../acts/once.js';
import { moveItem } from '../home/home_view.js';
import type { Errors } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { listedTypes } from '../settings/modules_menu.js';
import { i18nOf } from '../shared/layout.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { firstName } from './invitation_pages.js';
import { overviewQueries, type TakenInvitation, takenInvitation } from './overview_queries.js';
import { overviewOf } from './overview_view.js';
import { doneView, overviewView, profileStepView } from './activation_views.js';

const ALL = '/:organization/activation';

/** The steps after the first, each with its own address; all of them can be left out. */
export function activationSteps(db: Database, config: Config): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(`${ALL}/profile`, handle(verified, showProfile));
  router.post(`${ALL}/profile`, handle(verified, saveProfile));
  router.get(`${ALL}/overview`, handle(verified, showOverview));
  router.post(`${ALL}/overview`, handle(verified, finish));
  router.get(
    `${ALL}/done`,
    handle(verified, (ctx) => showDone(ctx, config)),
  );
  return router;
}

function layoutFor({ actor, membership }: RequestContext, title: string): ActivationLayout {
  const { slug, organization, accent } = membership;
  const { locale, time_zone, organization_zone } = actor;
  const { t } = i18nOf(actor);
  const named = { slug, name: organization, accent_url: accentUrl(accent) };
  const page = { title: t(title), organization: named, sign_in_url: null };
  return { layout: 'activation', locale, time_zone, organization_zone, page };
}

/** For a contact who took an invitation. @throws NotFound */
function requireTaken(ctx: RequestContext, taken: TakenInvitation | undefined): TakenInvitation {
  if (!taken || ctx.actor.side !== 'partner') throw new NotFound();
  return taken;
}

const ownTitle = ({ actor }: RequestContext): Query<{ title: string }> => ({
  name: 'own_title',
  text: 'select title from people where organization_id = $1 and id = $2',
  values: [actor.organization_id, actor.person_id],
});

async function showProfile(ctx: RequestContext) {
  const [[taken], [person]] = await read(ctx.db.pool, ctx.actor, takenInvitation(ctx.actor), ownTitle(ctx));
  requireTaken(ctx, taken);
  ctx.res.send(profilePage(ctx, person?.title ?? '', {}));
}

const profilePage = (ctx: RequestContext, title: string, errors: Errors) =>
  renderPage(profileStepView, layoutFor(ctx, 'Your role'), {
    action: `/${ctx.membership.slug}/activation/profile`,
    title,
    name: ctx.actor.name ?? '',
    partner: ctx.membership.partner ?? '',
    errors,
  });

const Profile = z.object({ title: line(120) });

async function saveProfile(ctx: RequestContext) {
  const [[taken]] = await read(ctx.db.pool, ctx.actor, takenInvitation(ctx.actor));
  requireTaken(ctx, taken);
  const { req, actor, membership } = ctx;
  const typed = submittedText(req.body);
  const work = async ({ db }: RequestContext) => {
    await reachStep(db.knex, actor, 3, 'skip' in typed ? undefined : readForm(Profile, req.body).title);
    return `/${membership.slug}/activation/overview`;
  };
  return submitOnce(ctx, work, (errors) => profilePage(ctx, typed['title'] ?? '', errors));
}

async function showOverview(ctx: RequestContext) {
  const { db, actor, membership, res } = ctx;
  const types = listedTypes(actor, membership).map(({ name }) => name);
  const results = await read(db.pool, actor, ...overviewQueries(actor, types));
  requireTaken(ctx, results[0][0]);
  const input = { action: `/${membership.slug}/activation/overview`, ...overviewOf(results, actor, membership) };
  res.send(renderPage(overviewView, layoutFor(ctx, 'What you’ll find here'), input));
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

async function showDone(ctx: RequestContext, config: Config) {
  const { db, actor, membership, res } = ctx;
  const { slug, partner, name } = membership;
  const [[row], [awaited]] = await read(db.pool, actor, takenInvitation(actor), awaitedFromPartner(actor));
  const { inviter } = requireTaken(ctx, row);
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const asks = firstName(inviter ?? membership.organization);
  res.send(
    renderPage(doneView, layoutFor(ctx, 'You’re all set'), {
      partner: partner ?? '',
      headline: t('You’re all set, {{name}}', { name: firstName(name) }),
      text: t('We’ve let {{name}} know. This device stays signed in.', { name: asks }),
      next: awaited ? nextThing(ctx, awaited) : null,
      address: `${config.base_url}/${slug}`,
      home_url: `/${slug}`,
    }),
  );
}

/** The one thing that waits, as a card. */
function nextThing({ actor, membership }: RequestContext, row: Parameters<typeof moveItem>[0]) {
  const i18n = i18nOf(actor);
  const { text, href } = moveItem(row, membership.slug, 'partner', today(actor), i18n);
  const { move, tone } = describeState(row, 'partner', today(actor), i18n);
  const amount = row.total ? i18n.format.money(row.total, row.currency) : null;
  return { title: row.title || text, amount, detail: [text, move].filter(Boolean).join(' · '), href, tone };
}
