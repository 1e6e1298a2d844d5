import { Router } from 'express';
import { toDataURL } from 'qrcode';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { credentialsOf, pendingTotp } from '../../people/credentials/credential_queries.js';
import { codesOf, makeRecoveryCodes, takeRecoveryCode } from '../../people/credentials/recovery_codes.js';
import { beginTotp, removeTotp, takeTotp, totpKey } from '../../people/credentials/totp.js';
import { line, readForm } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { identityOf, staff, verified } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { confirmed, isProven, settingsUrl } from './fresh.js';
import { tell } from './password_settings.js';
import { totpView, recoveryCodesView } from './settings_views.js';
import { signInPage } from './sign_in_settings.js';

const Typed = z.object({ code: line(20) });
const WRONG = 'This code doesn’t work. Wait for the next one and try again.';

/** The second step of staff: an authenticator app and ten recovery codes. */
export function totpSettings(db: Database, secrets: readonly string[]): Router {
  const router = Router();
  const handle = withContext(db);
  const settings = '/:organization/settings/sign-in';
  const by = (work: (ctx: RequestContext, secrets: readonly string[]) => unknown) =>
    confirmed((ctx) => work(ctx, secrets));
  router.post(`${settings}/totp`, handle(staff, by(begin)));
  router.get(`${settings}/totp`, handle(staff, by(showKey)));
  router.post(`${settings}/totp/confirm`, handle(staff, by(confirm)));
  router.post(`${settings}/totp/remove`, handle(verified, by(remove)));
  router.post(`${settings}/recovery-codes`, handle(verified, by(renew)));
  router.get(`${settings}/recovery-codes`, handle(verified, by(showCodes)));
  return router;
}

async function begin(ctx: RequestContext, [secret = '']: readonly string[]) {
  const work = async ({ db, actor }: RequestContext) => {
    await withActor(db.knex, actor, (db) => beginTotp(db, secret, String(actor.user_id)));
    return `${settingsUrl(ctx)}/totp`;
  };
  return submitOnce(ctx, work, (errors) => signInPage(ctx, { name: 'totp', errors }));
}

const showKey = async (ctx: RequestContext, secrets: readonly string[]) =>
  ctx.res.send(await keyPage(ctx, secrets, null));

async function keyPage(ctx: RequestContext, secrets: readonly string[], error: string | null): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const [[row]] = await read(db.pool, actor, pendingTotp(String(actor.user_id)));
  const names = { issuer: membership.organization, label: identityOf(req).email ?? '' };
  const found = row && totpKey(secrets, row, names);
  if (!found) throw new NotFound();
  const url = settingsUrl(ctx);
  const qr = await toDataURL(found.uri, { margin: 2, width: 220, errorCorrectionLevel: 'M' });
  const key = (found.key.match(/.{1,4}/g) ?? []).join(' ');
  const title = translatorOf(ctx)('Set up an authenticator app');
  return contextPage(ctx, totpView, title, { action: `${url}/totp/confirm`, back: url, key, qr, error });
}

function confirm(ctx: RequestContext, secrets: readonly string[]) {
  const work = async ({ db, actor }: RequestContext) => {
    const { code } = readForm(Typed, ctx.req.body);
    await withActor(db.knex, actor, async (db) => {
      if (!(await takeTotp(db, secrets, String(actor.user_id), code, true))) throw new Invalid({ code: WRONG });
      await makeRecoveryCodes(db, secrets[0] ?? '', String(actor.user_id));
      await tell(db, ctx, { action: 'totp_on' });
    });
    return `${settingsUrl(ctx)}/recovery-codes`;
  };
  return submitOnce(ctx, work, (errors) => keyPage(ctx, secrets, errors['code'] ?? errors['form'] ?? null));
}

/** Turned off only by a code of the app, or a recovery code: a browser left open is not enough. */
function remove(ctx: RequestContext, secrets: readonly string[]) {
  const work = async ({ db, actor }: RequestContext) => {
    const { code } = readForm(Typed, ctx.req.body);
    const user_id = String(actor.user_id);
    await withActor(db.knex, actor, async (db) => {
      const proven = (await takeTotp(db, secrets, user_id, code)) || (await takeRecoveryCode(db, user_id, code));
      if (!proven) throw new Invalid({ code: WRONG });
      await removeTotp(db, user_id);
      await tell(db, ctx, { action: 'totp_off' });
    });
    return `${settingsUrl(ctx)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => signInPage(ctx, { name: 'totp', errors }));
}

function renew(ctx: RequestContext, [secret = '']: readonly string[]) {
  const work = async ({ db, actor }: RequestContext) => {
    const [[credentials]] = await read(ctx.db.pool, actor, credentialsOf(String(actor.user_id)));
    if (!credentials?.totp_confirmed_at) throw new NotFound();
    await withActor(db.knex, actor, async (db) => {
      await makeRecoveryCodes(db, secret, String(actor.user_id));
      await tell(db, ctx, { action: 'recovery_codes_made' });
    });
    return `${settingsUrl(ctx)}/recovery-codes`;
  };
  return submitOnce(ctx, work, (errors) => signInPage(ctx, { name: 'totp', errors }));
}

/** For a few minutes after they were made: then only their hashes are left to us. */
async function showCodes(ctx: RequestContext, [secret = '']: readonly string[]) {
  const { db, res, actor } = ctx;
  const [[credentials]] = await read(db.pool, actor, credentialsOf(String(actor.user_id)));
  if (!credentials?.readable_set || !isProven(ctx)) return res.redirect(303, settingsUrl(ctx));
  const title = translatorOf(ctx)('Recovery codes');
  const codes = codesOf(secret, credentials.readable_set);
  return res.send(contextPage(ctx, recoveryCodesView, title, { codes, back: settingsUrl(ctx) }));
}
