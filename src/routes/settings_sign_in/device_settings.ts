import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { deviceName, isPhone } from '../../input/device_name.js';
import { devicesOf } from '../../people/credentials/credential_queries.js';
import { closeSessions } from '../../people/sessions.js';
import { logOfUser } from '../../people/sign_in/security_log.js';
import { browserOf } from '../access/passport.js';
import { once } from '../acts/once.js';
import { settingsSide } from '../settings/settings_side.js';
import { identityOf, verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { settingsUrl } from './fresh.js';
import { devicesView } from './settings_views.js';

/** Where somebody is signed in; each can be signed out, and all others with one press. */
export function deviceSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const path = '/:organization/settings/devices';
  router.get(path, handle(verified, show));
  router.post(`${path}/sign-out-others`, handle(verified, signOutOthers));
  router.post(`${path}/:id/sign-out`, handle(verified, signOutOne));
  return router;
}

async function show(ctx: RequestContext) {
  const { db, req, res, actor } = ctx;
  const t = translatorOf(ctx);
  const [found] = await read(db.pool, actor, devicesOf(String(actor.user_id)));
  const own = identityOf(req).session?.hash;
  const devices = found.map(({ id, token_hash, user_agent, remote_ip, created_at, used_at }) => ({
    ...{
      id,
      name: deviceName(user_agent, t) ?? t('Unknown browser'),
      current: token_hash === own,
      phone: isPhone(user_agent),
    },
    ...{ ip: remote_ip.replace(/^::ffff:/, ''), since: created_at, used_at },
  }));
  const ordered = devices.toSorted((one, other) => Number(other.current) - Number(one.current));
  const input = { side: settingsSide(ctx, 'devices'), url: settingsUrl(ctx, 'devices'), devices: ordered };
  res.send(contextPage(ctx, devicesView, t('Devices'), input));
}

async function signOutOne(ctx: RequestContext) {
  const id = pathId(ctx.req, 'id');
  await signOut(ctx, 'device_signed_out', (sessions, user_id) => sessions.where({ user_id, id }), true);
}

async function signOutOthers(ctx: RequestContext) {
  const own = identityOf(ctx.req).session?.hash ?? '';
  await signOut(ctx, 'signed_out_everywhere', (sessions, user_id) =>
    sessions.where({ user_id }).whereNot({ token_hash: own }),
  );
}

type Sessions = Parameters<typeof closeSessions>[1];

/** Ends some of the visitor's own sessions, and logs that. @throws NotFound if one was `named` that isn't there */
async function signOut(
  ctx: RequestContext,
  action: 'device_signed_out' | 'signed_out_everywhere',
  which: (sessions: Sessions, user_id: string) => Sessions,
  named = false,
) {
  const work = async ({ db, actor }: RequestContext) => {
    const user_id = String(actor.user_id);
    await withActor(db.knex, actor, async (db) => {
      const ended = await closeSessions(db, which(db('sessions'), user_id));
      if (named && !ended) throw new NotFound();
      if (ended) await logOfUser(db, user_id, { action, detail: String(ended) }, browserOf(ctx.req));
    });
    return `${settingsUrl(ctx, 'devices')}?done=signed_out`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}
