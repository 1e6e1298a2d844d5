import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import type { Module } from '../../document_types/shared/lifecycle.js';
import { NotFound } from '../../errors.js';
import { defineView } from '../../pages/views/render.js';
import { readForm } from '../../people/form_values.js';
import { askForModule } from '../../people/invitations/ask_for_module.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';
import { granterQuery, granters } from '../../people/invitations/who_grants.js';
import { moduleNamed, modulesOf } from '../../subjects/modules.js';
import { askedModules } from '../activation/overview_queries.js';
import { once } from '../acts/once.js';
import { verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { ownPath } from '../shared/return_to.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';

/** A module that somebody may not use: whom to ask, and a button that asks. Posts return_to. */
interface MissingModuleInput {
  title: string;
  text: string;
  action: string;
  return_to: string;
  button: string;
  /** They asked within the day. */
  asked: boolean;
  documents_url: string;
}

export const missingModuleView = defineView<MissingModuleInput>('colleagues/missing_module');

/** Where a contact asks for a module. */
export function moduleRequests(db: Database): Router {
  const router = Router();
  router.post('/:organization/modules/:module/ask', withContext(db)(verified, ask));
  return router;
}

/** Whether a contact may not use a module, so that its list is not theirs to see. */
export const lacksModule = ({ actor, membership }: RequestContext, module: Module): boolean =>
  actor.side === 'partner' && !actor.guest && membership.modules !== null && !membership.modules.includes(module);

const missingQueries = ({ actor }: RequestContext) =>
  [
    portalSettings(actor),
    granterQuery(actor.organization_id, actor.person_id, actor.partner_id),
    askedModules(actor),
  ] as const;

/** 403, with whom to ask. @throws NotFound if the portal doesn't show this module at all, or not to such a partner */
export async function sendMissingModule(ctx: RequestContext, module: Module): Promise<void> {
  const { db, req, actor, membership, res } = ctx;
  const [[settings], found, asked] = await read(db.pool, actor, ...missingQueries(ctx));
  if (!modulesOf(membership, settings?.modules ?? null).some(({ name }) => name === module)) throw new NotFound();
  const { t, format } = i18nOf(actor);
  const asks = granters(found);
  const names = format.either(asks.map(({ name }) => name));
  const label = t(moduleNamed(module).label);
  const values = { module: label, names, partner: membership.partner ?? '', organization: membership.organization };
  const title = t('{{module}} isn’t shared with you', values);
  const input = {
    title,
    text: asks.some(({ partner_id }) => partner_id)
      ? t('{{names}} can give you access: they manage who uses what at {{partner}}.', values)
      : t('{{names}} of {{organization}} can give you access.', values),
    action: `/${membership.slug}/modules/${module}/ask`,
    return_to: req.path,
    button: t('Ask {{name}}', { name: names }),
    asked: asked.some((one) => one.module === module),
    documents_url: `/${membership.slug}/documents`,
  };
  res.status(403).send(contextPage(ctx, missingModuleView, title, input));
}

const Ask = z.object({ return_to: z.string().default('') });

async function ask(ctx: RequestContext) {
  const { db, req, actor, membership, res } = ctx;
  const [[settings]] = await read(db.pool, actor, portalSettings(actor));
  const wanted = modulesOf(membership, settings?.modules ?? null).find(({ name }) => name === req.params['module']);
  if (!wanted || !lacksModule(ctx, wanted.name)) throw new NotFound();
  const work = async (within: RequestContext) => {
    await askForModule(within.db.knex, actor, wanted.name);
    const back = ownPath(readForm(Ask, req.body).return_to);
    return back === '/' ? `/${membership.slug}?done=requested` : `${back}?done=requested`;
  };
  res.redirect(303, await once(ctx, work));
}
