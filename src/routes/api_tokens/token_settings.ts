import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { submittedText } from '../../people/form_values.js';
import { apiTokensOf, createApiToken, partnerTokens, revokeApiToken } from '../../people/api_tokens/api_tokens.js';
import { browserOf } from '../access/passport.js';
import { once } from '../acts/once.js';
import { confirmed, isProven, settingsUrl } from '../settings_sign_in/fresh.js';
import { settingsSide } from '../settings/settings_side.js';
import { type Errors, translated } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { apiTokensView, areaChoices, lifetimeField, readToken, tokenRow } from './token_form.js';

const PAGE = 'api-tokens';

/** A person's tokens for the API: made after a fresh proof of who they are, shown once, revoked at any time. */
export function tokenSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const path = `/:organization/settings/${PAGE}`;
  router.get(
    path,
    handle(verified, async (ctx) => ctx.res.send(await page(ctx))),
  );
  router.post(path, handle(verified, confirmed(make, PAGE)));
  router.post(`${path}/:id/revoke`, handle(verified, revoke));
  return router;
}

interface Shown {
  /** Just made. */
  token?: string;
  errors?: Errors;
}

async function page(ctx: RequestContext, { token, errors = {} }: Shown = {}): Promise<string> {
  const { db, req, actor } = ctx;
  const [tokens, [setting]] = await read(db.pool, actor, apiTokensOf(actor), partnerTokens(actor));
  const t = translatorOf(ctx);
  const typed = token ? {} : submittedText(req.body);
  return contextPage(ctx, apiTokensView, t('API tokens'), {
    side: settingsSide(ctx, PAGE),
    url: settingsUrl(ctx, PAGE),
    allowed: actor.side === 'staff' || (!actor.guest && setting?.partner_tokens === true),
    fresh: isProven(ctx),
    token: token ?? null,
    tokens: tokens.map((row) => tokenRow(row, t)),
    name: typed['name'] ?? '',
    areas: areaChoices(ctx, typed),
    lifetime: { ...lifetimeField(t, typed['days']), error: errors['days'] ?? null },
    errors,
  });
}

/** The same form again makes no second one, and doesn't show the first again: it isn't kept anywhere. */
async function make(ctx: RequestContext) {
  const { req, res } = ctx;
  const made = new Map<string, string>();
  const work = async ({ db, actor }: RequestContext) => {
    const wanted = readToken(ctx, submittedText(req.body));
    const { id, token } = await withActor(db.knex, actor, (db) => createApiToken(db, actor, wanted, browserOf(req)));
    made.set(id, token);
    return id;
  };
  try {
    // What was undone, since the form had been sent before, has another id.
    const token = made.get(await once(ctx, work));
    return token ? res.send(await page(ctx, { token })) : res.redirect(303, settingsUrl(ctx, PAGE));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    const errors = translated(error.fields, translatorOf(ctx), error.values);
    return res.status(error.status).send(await page(ctx, { errors }));
  }
}

async function revoke(ctx: RequestContext) {
  const id = pathId(ctx.req, 'id');
  const work = async ({ db, actor }: RequestContext) => {
    await withActor(db.knex, actor, (db) => revokeApiToken(db, actor, id, browserOf(ctx.req)));
    return `${settingsUrl(ctx, PAGE)}?done=token_revoked`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}
