import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { shownAddress } from '../../input/email_address.js';
import type { Config } from '../../config.js';
import { credentialsOf, passkeysOf } from '../../people/credentials/credential_queries.js';
import { submittedText } from '../../people/form_values.js';
import type { Errors } from '../shared/form.js';
import { settingsSide } from '../settings/settings_side.js';
import { verified } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { deviceSettings } from './device_settings.js';
import { isProven, settingsUrl } from './fresh.js';
import { passkeySettings } from './passkey_settings.js';
import { passwordSettings } from './password_settings.js';
import { securityPolicy } from './policy_page.js';
import { signInSettingsView } from './settings_views.js';
import { totpSettings } from './totp_settings.js';

/** A person's pages about how they sign in and where they are signed in; and what the organization asks of others. */
export function signInSettings(db: Database, config: Config, secrets: readonly string[]): Router {
  const router = Router();
  router.get(
    '/:organization/settings/sign-in',
    withContext(db)(verified, async (ctx) => ctx.res.send(await signInPage(ctx))),
  );
  router.use(passwordSettings(db), passkeySettings(db, config), totpSettings(db, secrets));
  router.use(deviceSettings(db), securityPolicy(db));
  return router;
}

/** The page; `form`: the one that was refused, by its name. */
export async function signInPage(
  ctx: RequestContext,
  form: { name: string; errors: Errors } = { name: '', errors: {} },
) {
  const { db, req, actor } = ctx;
  const user_id = String(actor.user_id);
  const [[credentials], passkeys] = await read(db.pool, actor, credentialsOf(user_id), passkeysOf(user_id));
  const url = settingsUrl(ctx);
  return contextPage(ctx, signInSettingsView, translatorOf(ctx)('Sign-in'), {
    side: settingsSide(ctx, 'sign-in'),
    url,
    email: shownAddress(actor.email ?? ''),
    fresh: isProven(ctx),
    password_changed_at: credentials?.password_changed_at ?? null,
    passkeys,
    second_step:
      actor.side === 'staff' || credentials?.totp_confirmed_at
        ? {
            since: credentials?.totp_confirmed_at ?? null,
            codes_left: credentials?.recovery_codes_left ?? 0,
            codes_url: credentials?.readable_set ? `${url}/recovery-codes` : null,
          }
        : null,
    form: { ...form, values: submittedText(req.body) },
  });
}
