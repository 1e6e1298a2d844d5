import { timingSafeEqual } from 'node:crypto';
import express, { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { systemActor, withActor } from '../../db/scope.js';
import { webhookSignature } from '../../db/secrets.js';
import { handleGatewayEvent } from '../../jobs/gateways/gateway_events.js';
import { readGatewayEvent } from '../../jobs/gateways/read_gateway_event.js';
import { stripeWebhook } from './stripe_webhook.js';

const MAX_AGE_MS = 300_000;

/** Events from gateways. Each must be signed over its raw body within the last five minutes; repeats count once. */
export function webhooks(db: Database, config: Config, secrets: readonly string[]): Router {
  const router = Router();
  router.use(stripeWebhook({ knex: db.knex, secrets, url: config.stripe_url }));
  if (config.production) return router;
  router.post('/webhooks/sandbox', express.raw({ type: () => true, limit: '64kb' }), async (req, res) => {
    const raw = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '';
    if (!isSigned(raw, req.get('Sandbox-Signature') ?? '', secrets[0] ?? '')) return res.sendStatus(401);
    const event = readGatewayEvent(JSON.parse(raw));
    if (!event) return res.sendStatus(400);
    const { organization_id, id, ...payload } = event;
    await handleGatewayEvent(db.knex, event);
    await withActor(db.knex, systemActor(organization_id), (db) =>
      db('gateway_events')
        .insert({ organization_id, gateway: 'sandbox', event_id: id, payload: JSON.stringify(payload) })
        .onConflict()
        .ignore(),
    );
    res.sendStatus(200);
  });
  return router;
}

/** `t=unix seconds,v1=HMAC-SHA256 over "t.body"`. */
function isSigned(body: string, header: string, secret: string): boolean {
  const [, time = '', signature = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (Math.abs(Date.now() - Number(time) * 1000) > MAX_AGE_MS) return false;
  const expected = Buffer.from(webhookSignature(secret, `${time}.${body}`));
  const actual = Buffer.from(signature);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
