import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { systemActor } from '../db/scope.js';
import { staffInRoles, tell } from '../people/invitations/tell.js';
import type { WebhookKey } from './signing_secret.js';

/** By this status a receiver says that it wants no more. */
export const GONE = 410;

/** Once nothing has arrived for so long, nothing more is sent. */
const PATIENCE = `interval '3 days'`;

/** It works. As the organization's system. */
export async function noteSuccess(db: Knex.Transaction, { organization_id, webhook_id }: WebhookKey): Promise<void> {
  await db('webhooks')
    .where({ organization_id, id: webhook_id })
    .whereNotNull('failing_since')
    .update({ failing_since: null });
}

/**
 * It doesn't: one that has failed for days, or is gone, is turned off, and owners and admins are told. What waits stays
 * until it is resumed. As the organization's system.
 */
export async function noteFailure(
  db: Knex.Transaction,
  { organization_id, webhook_id }: WebhookKey,
  status: number | null,
): Promise<void> {
  const webhook = () => db('webhooks').where({ organization_id, id: webhook_id, state: 'on' });
  await webhook()
    .whereNull('failing_since')
    .update({ failing_since: db.raw('now()') });
  const given = status === GONE ? webhook() : webhook().where('failing_since', '<', db.raw(`now() - ${PATIENCE}`));
  const [off]: { url: string }[] = await given.update({ state: 'off' }).returning('url');
  if (!off) return;
  const details = { name: new URL(off.url).host, ...(status === GONE ? { gone: 'true' } : {}) };
  const actor = systemActor(organization_id);
  const activity = await record(db, actor, { action: 'stop_webhook', details, visible_to: 'staff' });
  await tell(db, activity, await staffInRoles(db, organization_id, ['owner', 'admin']));
}
