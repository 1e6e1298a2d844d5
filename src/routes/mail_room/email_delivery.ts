import { Router } from 'express';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { read, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { healthQueries } from '../../mail/deliverability/delivery_health.js';
import { createKey, keysOf } from '../../mail/deliverability/dkim_keys.js';
import type { Lookup } from '../../mail/deliverability/dns.js';
import { checkDns, type DnsCheckContext, lastCheck } from '../../mail/deliverability/dns_check.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { readForm, required } from '../../people/form_values.js';
import { trustAddress } from '../../people/trust_address.js';
import { once, submitOnce } from '../acts/once.js';
import { settingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { admins } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { emailDeliveryPage, emailDeliveryView } from './email_delivery_view.js';

const ALL = '/:organization/delivery';

interface DeliveryContext {
  db: Database;
  config: Config;
  secret: string;
  lookup: Lookup;
}

/** Whether the organization's email arrives: its DNS, its outbox, its paused recipients. For owners and admins. */
export function emailDelivery({ db, config, secret, lookup }: DeliveryContext): Router {
  const router = Router();
  const handle = withContext(db);
  const dns = { db: db.knex, config, secret, lookup };
  router.get(
    ALL,
    handle(admins, async (ctx) => ctx.res.send(await page(ctx, config))),
  );
  router.post(
    `${ALL}/check`,
    handle(admins, (ctx) => check(ctx, dns)),
  );
  router.post(
    `${ALL}/key`,
    handle(admins, (ctx) => makeNextKey(ctx, dns)),
  );
  router.post(`${ALL}/test`, handle(admins, sendTest));
  router.post(
    `${ALL}/trust/:person`,
    handle(admins, (ctx) => trust(ctx, config)),
  );
  return router;
}

/** `form`: a paused recipient's form to show again. */
async function page(
  ctx: RequestContext,
  { mail_domain }: Config,
  form: { person: string; errors: Errors } | null = null,
): Promise<string> {
  const { db, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [results, checked, keys] = await Promise.all([
    read(db.pool, actor, ...healthQueries(actor)),
    lastCheck(db.knex, mail_domain),
    keysOf(db.knex, mail_domain),
  ]);
  const url = `/${membership.slug}/delivery`;
  const side = settingsSide(ctx, '/delivery');
  const input = emailDeliveryView({ results, checked, keys, form, url, mail_domain, side, t });
  return contextPage(ctx, emailDeliveryPage, t('Email delivery'), input);
}

const pageUrl = ({ membership }: RequestContext, done: string) => `/${membership.slug}/delivery?done=${done}`;

async function check(ctx: RequestContext, dns: DnsCheckContext) {
  await checkDns(dns);
  ctx.res.redirect(303, pageUrl(ctx, 'looked'));
}

async function makeNextKey(ctx: RequestContext, dns: DnsCheckContext) {
  await createKey(dns.db, dns.secret, dns.config.mail_domain);
  await checkDns(dns);
  ctx.res.redirect(303, pageUrl(ctx, 'key'));
}

async function sendTest(ctx: RequestContext) {
  const { actor } = ctx;
  const { organization_id, person_id, email } = actor;
  if (!organization_id || !email) throw new NotFound();
  const about = { activity_id: null, subject_id: null, cause_id: null };
  const work = ({ db }: RequestContext) =>
    withActor(db.knex, actor, async (db) => {
      await record(db, actor, { action: 'send_test', details: { email }, visible_to: 'staff' });
      await queueEmail(db, { ...about, organization_id, kind: 'test', person_id, to_address: email });
      return pageUrl(ctx, 'test');
    });
  ctx.res.redirect(303, await once(ctx, work));
}

const Reason = z.object({ reason: required(500) });

async function trust(ctx: RequestContext, config: Config) {
  const { req, actor } = ctx;
  const person = pathId(req, 'person');
  const work = async ({ db }: RequestContext) => {
    await trustAddress(db.knex, actor, person, readForm(Reason, req.body).reason);
    return pageUrl(ctx, 'trusted');
  };
  return submitOnce(ctx, work, (errors) => page(ctx, config, { person, errors }));
}
