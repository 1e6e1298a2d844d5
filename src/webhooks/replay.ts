import type { Knex } from 'knex';
import type { Jobs } from '../db/jobs.js';
import { newId } from '../db/ids.js';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import { NotFound } from '../errors.js';
import type { WebhookKey } from './signing_secret.js';

const DAY_MS = 24 * 60 * 60_000;
/** For so many days it is kept what was sent. */
export const KEPT_DAYS = 30;
const BATCH = 500;

/** The least id that is made at a time. */
const firstIdAt = (time: Date) =>
  Math.max(0, time.getTime())
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2-0000-0000-000000000000');

/** What `replayWebhook` is to send: all that is kept and waits. */
export const waitingFrom = (now: Date) => ({
  after: firstIdAt(new Date(now.getTime() - (KEPT_DAYS + 1) * DAY_MS)),
  states: ['waiting'],
});

/** All that was sent since a time, or of that what didn't arrive. */
export const sentSince = (since: Date, which: 'all' | 'failed') => ({
  after: firstIdAt(since),
  states: which === 'all' ? ['waiting', 'delivered', 'failed'] : ['failed'],
});

const REPLAY = `with chosen as (
    select organization_id, webhook_id, message_id from webhook_deliveries
    where organization_id = ? and webhook_id = ? and message_id > ? and state = any (?)
    order by message_id limit ${BATCH} for update)
  update webhook_deliveries d set state = 'waiting', attempts = 0, next_at = now()
    from chosen c
    where d.organization_id = c.organization_id and d.webhook_id = c.webhook_id and d.message_id = c.message_id
    returning d.message_id, send_webhook(d.organization_id, d.webhook_id, d.message_id, 0, now())`;

/** Sends again what is chosen, oldest first; each keeps its id and body. */
export async function replayWebhook(
  db: Knex,
  { organization_id, webhook_id, after, states }: Jobs['replay_webhook'],
): Promise<void> {
  for (let last: string | undefined = after; last;) {
    const from: string = last;
    const { rows } = await withActor(db, systemActor(organization_id), (db) =>
      db.raw<{ rows: { message_id: string }[] }>(REPLAY, [organization_id, webhook_id, from, states]),
    );
    const ids = rows.map(({ message_id }) => message_id).toSorted();
    last = ids.length === BATCH ? ids.at(-1) : undefined;
  }
}

/** Sends one again. @throws NotFound */
export const replayDelivery = (
  db: Knex,
  { organization_id }: Actor,
  { webhook_id, message_id }: { webhook_id: string; message_id: string },
): Promise<void> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const again = { state: 'waiting', attempts: 0, next_at: db.raw('now()') };
    const key = { organization_id, webhook_id, message_id };
    if (!(await db('webhook_deliveries').where(key).update(again))) throw new NotFound();
    await queue(db, { organization_id: organization_id ?? '', webhook_id }, message_id);
  });

/** Sends a message that says nothing, to see whether it arrives. Returns its id. @throws NotFound */
export const sendTestMessage = (db: Knex, { organization_id }: Actor, webhook_id: string): Promise<string> =>
  withActor(db, systemActor(organization_id), async (db) => {
    if (!organization_id) throw new NotFound();
    const found = await db('webhooks').where({ organization_id, id: webhook_id }).first('id');
    if (!found) throw new NotFound();
    const message_id = newId();
    const body = JSON.stringify({ type: 'webhook.test', timestamp: new Date().toISOString(), data: {} });
    const row = { organization_id, webhook_id, message_id, event: 'test', body, next_at: db.raw('now()') };
    await db('webhook_deliveries').insert(row);
    await queue(db, { organization_id, webhook_id }, message_id);
    return message_id;
  });

const queue = (db: Knex.Transaction, { organization_id, webhook_id }: WebhookKey, message_id: string): Promise<void> =>
  send(db, db.raw('select send_webhook(?, ?, ?, 0, now())', [organization_id, webhook_id, message_id]));

/** Deletes what is kept for longer than it is shown. */
export async function deleteOldDeliveries(db: Knex): Promise<void> {
  for (const id of await db('organizations').pluck('id'))
    await withActor(db, systemActor(id), (db) =>
      db('webhook_deliveries')
        .where({ organization_id: id })
        .where('created_at', '<', db.raw(`now() - interval '${KEPT_DAYS} days'`))
        .delete(),
    );
}
