import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { passkeysOf } from '../../people/credentials/credential_queries.js';
import {
  registeredPasskey,
  registrationOptions,
  relyingParty,
  takeChallenge,
} from '../../people/credentials/passkey_ceremonies.js';
import { RegistrationResponse } from '../../people/credentials/passkey_responses.js';
import { addPasskey, removePasskey, renamePasskey } from '../../people/credentials/passkeys.js';
import { readForm, required } from '../../people/form_values.js';
import { logOfUser } from '../../people/sign_in/security_log.js';
import { browserOf } from '../access/passport.js';
import { submitOnce } from '../acts/once.js';
import { identityOf, verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { confirmed, settingsUrl } from './fresh.js';
import { tell } from './password_settings.js';
import { signInPage } from './sign_in_settings.js';

const Name = z.object({ name: required(100) });
const Made = Name.extend({ response: z.string().default('') });

/** Adding, naming and removing passkeys. The challenge of a new one is bound to the session that asked for it. */
export function passkeySettings(db: Database, config: Config): Router {
  const router = Router();
  const handle = withContext(db);
  const path = '/:organization/settings/sign-in/passkeys';
  router.post(`${path}/options`, handle(verified, confirmed(giveOptions(config))));
  router.post(path, handle(verified, confirmed(add(config))));
  router.post(`${path}/:id`, handle(verified, confirmed(rename)));
  router.post(`${path}/:id/remove`, handle(verified, confirmed(remove)));
  return router;
}

const sessionOf = ({ req }: RequestContext) => identityOf(req).session?.hash ?? '';
const saved = (ctx: RequestContext) => `${settingsUrl(ctx)}?done=saved`;

const giveOptions = (config: Config) => async (ctx: RequestContext) => {
  const { db, res, actor } = ctx;
  const id = String(actor.user_id);
  const [known] = await read(db.pool, actor, passkeysOf(id));
  const user = { id, email: identityOf(ctx.req).email ?? '', known };
  res.json(await registrationOptions(db.knex, relyingParty(config.base_url), sessionOf(ctx), user));
};

const add = (config: Config) => async (ctx: RequestContext) => {
  const { req, actor } = ctx;
  // Used up by this, whatever comes of it.
  const challenge = await ctx.db.knex.transaction((db) => takeChallenge(db, sessionOf(ctx)));
  const work = async (within: RequestContext) => {
    const { name, response } = readForm(Made, req.body);
    const made = RegistrationResponse.safeParse(response).data;
    const passkey = challenge && made ? await registeredPasskey(relyingParty(config.base_url), challenge, made) : null;
    if (!passkey) throw new Invalid({ name: 'This passkey could not be added. Try again.' });
    await withActor(within.db.knex, actor, async (db) => {
      await addPasskey(db, String(actor.user_id), name, passkey);
      await tell(db, ctx, { action: 'passkey_added', detail: name });
    });
    return saved(ctx);
  };
  return submitOnce(ctx, work, (errors) => signInPage(ctx, { name: 'passkey', errors }));
};

function rename(ctx: RequestContext) {
  const id = pathId(ctx.req, 'id');
  const work = async ({ db, actor }: RequestContext) => {
    const { name } = readForm(Name, ctx.req.body);
    await withActor(db.knex, actor, async (db) => {
      await renamePasskey(db, String(actor.user_id), id, name);
      await logOfUser(db, String(actor.user_id), { action: 'passkey_renamed', detail: name }, browserOf(ctx.req));
    });
    return saved(ctx);
  };
  return submitOnce(ctx, work, (errors) => signInPage(ctx, { name: id, errors }));
}

function remove(ctx: RequestContext) {
  const id = pathId(ctx.req, 'id');
  const work = async ({ db, actor }: RequestContext) => {
    await withActor(db.knex, actor, async (db) => {
      const name = await removePasskey(db, String(actor.user_id), id);
      await tell(db, ctx, { action: 'passkey_removed', detail: name });
    });
    return saved(ctx);
  };
  return submitOnce(ctx, work, (errors) => signInPage(ctx, { name: id, errors }));
}
