import { Router } from 'express';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { checkDns, type DnsCheckContext, lastCheck } from '../../mail/deliverability/dns_check.js';
import { keysOf, createKey } from '../../mail/deliverability/dkim_keys.js';
import type { Lookup } from '../../mail/deliverability/dns.js';
import { healthQueries } from '../../mail/deliverability/delivery_health.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { readForm, required } from '../../people/form_values.js';
import { trustAddress } from '../../people/trust_address.js';
import { emailDeliveryView } from './email_delivery_view.js';
import { type Errors, submit } from '../shared/form.js';
import { admins } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

const ALL = '/:organization/delivery';

/** What the page about delivery works with. */
export interface DeliveryContext {
  db: Database;
  config: Config;
  secret: string;
  lookup: Lookup;
}

/**
 * Whether mail arrives: what DNS says of it, how what was sent fares, to whom it does not go. For owners and admins.
 */
export function emailDelivery({ db, config, secret, lookup }: DeliveryContext): Router {
  const router = Router();
  const ctx = withContext(db);
  const checking = { db: db.knex, config, secret, lookup };
  router.get(
    ALL,
    ctx(admins, async (at) => at.res.send(await page(at, config))),
  );
  router.post(
    `${ALL}/check`,
    ctx(admins, (at) => check(at, checking)),
  );
  router.post(
    `${ALL}/key`,
    ctx(admins, (at) => nextKey(at, checking)),
  );
  router.post(`${ALL}/test`, ctx(admins, sendTest));
  router.post(
    `${ALL}/trust/:person`,
    ctx(admins, (at) => trust(at, config)),
  );
  return router;
}

async function page(
  ctx: RequestContext,
  { mail_domain }: Config,
  back: { person: string; errors: Errors } | null = null,
): Promise<string> {
  const { db, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [results, checked, keys] = await Promise.all([
    read(db.pool, actor, ...healthQueries(actor)),
    lastCheck(db.knex, mail_domain),
    keysOf(db.knex, mail_domain),
  ]);
  const url = `/${membership.slug}/delivery`;
  return contextPage(
    ctx,
    'mail_room/email_delivery',
    t('Email delivery'),
    emailDeliveryView({ results, checked, keys, back, url, mail_domain, t }),
  );
}

const backTo = ({ membership }: RequestContext, done: string) => `/${membership.slug}/delivery?done=${done}`;

async function check(ctx: RequestContext, checking: DnsCheckContext) {
  await checkDns(checking);
  ctx.res.redirect(303, backTo(ctx, 'looked'));
}

async function nextKey(ctx: RequestContext, checking: DnsCheckContext) {
  await createKey(checking.db, checking.secret, checking.config.mail_domain);
  await checkDns(checking);
  ctx.res.redirect(303, backTo(ctx, 'key'));
}

async function sendTest(ctx: RequestContext) {
  const { db, res, actor } = ctx;
  const { organization_id, person_id, email } = actor;
  if (!organization_id || !email) throw new NotFound();
  const nothing = { activity_id: null, document_id: null, subject_id: null };
  await withActor(db.knex, actor, async (db) => {
    await record(db, actor, { action: 'send_test', details: { email }, visible_to: 'staff' });
    await queueEmail(db, { ...nothing, organization_id, kind: 'test', person_id, to_address: email });
  });
  res.redirect(303, backTo(ctx, 'test'));
}

const Reason = z.object({ reason: required(500) });

async function trust(ctx: RequestContext, config: Config) {
  const { db, req, res, actor } = ctx;
  const person = String(req.params['person']);
  if (!isId(person)) throw new NotFound();
  const work = async () => {
    await trustAddress(db.knex, actor, person, readForm(Reason, req.body).reason);
    return backTo(ctx, 'trusted');
  };
  return submit(res, translatorOf(ctx), work, (errors) => page(ctx, config, { person, errors }));
}
