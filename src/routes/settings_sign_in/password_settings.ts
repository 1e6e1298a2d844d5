import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { withActor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { removePassword, setPassword } from '../../people/credentials/password_hashes.js';
import { weaknessOf } from '../../people/credentials/password_strength.js';
import { readForm } from '../../people/form_values.js';
import { logOfUser, type UserEvent } from '../../people/sign_in/security_log.js';
import { browserOf } from '../access/passport.js';
import { submit } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { confirmed, settingsUrl } from './fresh.js';
import { signInPage } from './sign_in_settings.js';

// As it was typed: spaces belong to it.
const Typed = z.object({ password: z.string().default('') });

/** Setting, changing and removing a password. Not kept as other forms are: a fast hash of it would be stored. */
export function passwordSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const path = '/:organization/settings/sign-in/password';
  router.post(path, handle(verified, confirmed(save)));
  router.post(`${path}/remove`, handle(verified, confirmed(remove)));
  return router;
}

function save(ctx: RequestContext) {
  const { db, req, res, actor } = ctx;
  const work = async () => {
    const { password } = readForm(Typed, req.body);
    const weakness = await weaknessOf(password, actor.email ?? '');
    if (weakness) throw new Invalid({ password: weakness });
    await withActor(db.knex, actor, async (db) => {
      await setPassword(db, String(actor.user_id), password);
      await tell(db, ctx, { action: 'password_set' });
    });
    return `${settingsUrl(ctx)}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) => signInPage(ctx, { name: 'password', errors }));
}

async function remove(ctx: RequestContext) {
  const { db, res, actor } = ctx;
  await withActor(db.knex, actor, async (db) => {
    if (await removePassword(db, String(actor.user_id))) await tell(db, ctx, { action: 'password_removed' });
  });
  res.redirect(303, `${settingsUrl(ctx)}?done=saved`);
}

/** Logs a change of how somebody signs in, and emails it to them. */
export const tell = (
  db: Parameters<typeof logOfUser>[0],
  { req, actor }: RequestContext,
  event: Pick<UserEvent, 'action' | 'detail'>,
): Promise<void> =>
  logOfUser(db, String(actor.user_id), { ...event, tell: { organization_id: actor.organization_id } }, browserOf(req));
