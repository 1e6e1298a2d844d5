import type { Knex } from 'knex';
import type { Jobs } from '../db/jobs.js';
import { systemActor, withActor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import { composePayload } from './payload.js';
import { type Answer, postWebhook } from './post_webhook.js';
import type { Reach } from './reach.js';
import { type SealedSecrets, signatures } from './signing_secret.js';
import { GONE, noteFailure, noteSuccess } from './standing.js';

/** What deliveries are made with. `secrets`: of the installation. */
interface WebhookContext {
  db: Knex;
  secrets: readonly string[];
  base_url: string;
  reach: Reach;
}

/** When it is tried again after each try, as Standard Webhooks suggests: 10 tries within three and a half days. */
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const PAUSES = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR)];

interface Due extends SealedSecrets {
  url: string;
  event: string;
  activity_id: string | null;
  body: string | null;
}

/** Makes one try of a delivery, and has the next one come later if it fails. A second run of the same try is none. */
export async function sendWebhook(context: WebhookContext, job: Jobs['send_webhook']): Promise<void> {
  const due = await findDue(context.db, job);
  const body = due && (due.body ?? (await compose(context, job, due)));
  if (!due || !body) return;
  const message = { id: `msg_${job.message_id}`, timestamp: Math.floor(Date.now() / 1000), body };
  const headers = {
    'User-Agent': 'Parley-Webhooks/1',
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signatures(context.secrets, job, due, message),
  };
  await settle(context.db, job, await postWebhook(context.reach, due.url, { headers, body }));
}

/** What is still to be sent by this try; a test also goes to a webhook that is paused. */
const findDue = (
  db: Knex,
  { organization_id, webhook_id, message_id, attempt }: Jobs['send_webhook'],
): Promise<Due | undefined> =>
  withActor(db, systemActor(organization_id), (db) =>
    db('webhook_deliveries as d')
      .join('webhooks as w', (on) => on.on('w.organization_id', 'd.organization_id').on('w.id', 'd.webhook_id'))
      .join('webhook_secrets as s', (on) =>
        on.on('s.organization_id', 'd.organization_id').on('s.webhook_id', 'd.webhook_id'),
      )
      .where({ 'd.organization_id': organization_id, 'd.webhook_id': webhook_id, 'd.message_id': message_id })
      .where({ 'd.state': 'waiting', 'd.attempts': attempt })
      .where((which) => which.where('w.state', 'on').orWhere('d.event', 'test'))
      .first('w.url', 'd.event', 'd.activity_id', 'd.body', 's.sealed', 's.old_sealed', 's.old_until'),
  );

/** Composes and keeps the body, so that each try is the same. What the staff don't see is deleted: null. */
async function compose(
  { db, base_url }: WebhookContext,
  { organization_id, webhook_id, message_id }: Jobs['send_webhook'],
  { activity_id, event }: Due,
): Promise<string | null> {
  const body = activity_id ? await composePayload(db, base_url, { organization_id, activity_id, event }) : null;
  await withActor(db, systemActor(organization_id), async (db) => {
    const delivery = db('webhook_deliveries').where({ organization_id, webhook_id, message_id });
    await (body === null ? delivery.delete() : delivery.update({ body }));
  });
  return body;
}

/** Notes what came of a try, unless it was replayed meanwhile. */
function settle(db: Knex, job: Jobs['send_webhook'], { status, answer, error }: Answer): Promise<void> {
  const { organization_id, webhook_id, message_id, attempt } = job;
  const arrived = status !== null && status >= 200 && status < 300;
  const pause = status === GONE ? undefined : PAUSES[attempt];
  const next_at = arrived || pause === undefined ? null : new Date(Date.now() + pause);
  const state = arrived ? 'delivered' : next_at ? 'waiting' : 'failed';
  return withActor(db, systemActor(organization_id), async (db) => {
    const changed = await db('webhook_deliveries')
      .where({ organization_id, webhook_id, message_id, attempts: attempt, state: 'waiting' })
      .update({ state, status, answer, error, next_at, attempts: attempt + 1, tried_at: db.raw('now()') });
    if (!changed) return;
    if (arrived) return noteSuccess(db, job);
    const again = [organization_id, webhook_id, message_id, attempt + 1, next_at];
    if (next_at) await send(db, db.raw('select send_webhook(?, ?, ?, ?, ?)', again));
    await noteFailure(db, job, status);
  });
}
