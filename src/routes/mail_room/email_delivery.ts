import { Router } from 'express';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read, scoped } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { checkMail, type Checking, lastCheck } from '../../mail/deliverability/dns_check.js';
import { keysOf, makeKey } from '../../mail/deliverability/dkim_keys.js';
import type { Lookup } from '../../mail/deliverability/dns.js';
import { healthQueries } from '../../mail/deliverability/delivery_health.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { readForm, required } from '../../people/form_values.js';
import { trustAddress } from '../../people/trust_address.js';
import { deliveryView } from './email_delivery_view.js';
import { type Errors, submit } from '../shared/form.js';
import { keepers } from '../shared/guard.js';
import { pageOf, type Visit, visits, wordsOf } from '../shared/request_context.js';

const ALL = '/:organization/delivery';

/** What the page about delivery works with. */
export interface Delivery {
  db: Database;
  config: Config;
  secret: string;
  lookup: Lookup;
}

/**
 * Whether mail arrives: what DNS says of it, how what was sent fares, to whom it does not go. For owners and admins.
 */
export function delivery({ db, config, secret, lookup }: Delivery): Router {
  const router = Router();
  const visit = visits(db);
  const checking = { db: db.knex, config, secret, lookup };
  router.get(
    ALL,
    visit(keepers, async (at) => at.res.send(await page(at, config))),
  );
  router.post(
    `${ALL}/check`,
    visit(keepers, (at) => check(at, checking)),
  );
  router.post(
    `${ALL}/key`,
    visit(keepers, (at) => nextKey(at, checking)),
  );
  router.post(`${ALL}/test`, visit(keepers, sendTest));
  router.post(
    `${ALL}/trust/:person`,
    visit(keepers, (at) => trust(at, config)),
  );
  return router;
}

async function page(
  visit: Visit,
  { mail_domain }: Config,
  back: { person: string; errors: Errors } | null = null,
): Promise<string> {
  const { db, actor, membership } = visit;
  const t = wordsOf(visit);
  const [results, checked, keys] = await Promise.all([
    read(db.pool, actor, ...healthQueries(actor)),
    lastCheck(db.knex, mail_domain),
    keysOf(db.knex, mail_domain),
  ]);
  const url = `/${membership.slug}/delivery`;
  return pageOf(
    visit,
    'mail_room/email_delivery',
    t('Email delivery'),
    deliveryView({ results, checked, keys, back, url, mail_domain, t }),
  );
}

const backTo = ({ membership }: Visit, done: string) => `/${membership.slug}/delivery?done=${done}`;

async function check(visit: Visit, checking: Checking) {
  await checkMail(checking);
  visit.res.redirect(303, backTo(visit, 'looked'));
}

async function nextKey(visit: Visit, checking: Checking) {
  await makeKey(checking.db, checking.secret, checking.config.mail_domain);
  await checkMail(checking);
  visit.res.redirect(303, backTo(visit, 'key'));
}

async function sendTest(visit: Visit) {
  const { db, res, actor } = visit;
  const { organization_id, person_id, email } = actor;
  if (!organization_id || !email) throw new NotFound();
  const nothing = { activity_id: null, document_id: null, subject_id: null };
  await scoped(db.knex, actor, async (db) => {
    await record(db, actor, { action: 'send_test', details: { email }, visible_to: 'staff' });
    await queueEmail(db, { ...nothing, organization_id, kind: 'test', person_id, to_address: email });
  });
  res.redirect(303, backTo(visit, 'test'));
}

const Reason = z.object({ reason: required(500) });

async function trust(visit: Visit, config: Config) {
  const { db, req, res, actor } = visit;
  const person = String(req.params['person']);
  if (!isId(person)) throw new NotFound();
  const work = async () => {
    await trustAddress(db.knex, actor, person, readForm(Reason, req.body).reason);
    return backTo(visit, 'trusted');
  };
  return submit(res, wordsOf(visit), work, (errors) => page(visit, config, { person, errors }));
}
