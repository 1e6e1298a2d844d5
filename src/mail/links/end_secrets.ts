import type { Knex } from 'knex';
import { LINK_DAYS } from './issue_keys.js';

/** From now on emails get new reply keys; replies to those that are out are taken. As the system of an organization. */
export const retireReplyKeys = (db: Knex.Transaction, organization_id: string): Promise<number> =>
  db('reply_keys').where({ organization_id, retired: false }).update({ retired: true });

/**
 * Ends what an organization's emails carried before `since`: links open nothing, and reply addresses name no thread.
 * Whoever opens such a link is offered a new one; a reply still finds its thread by the message that it answers.
 */
export async function endIssuedBefore(db: Knex.Transaction, organization_id: string, since: Date): Promise<void> {
  await db('reply_keys').where({ organization_id, retired: true }).del();
  await db('links')
    .where({ organization_id })
    .where('expires_at', '>', db.fn.now())
    .whereRaw(`expires_at < ?::timestamptz + interval '${LINK_DAYS} days'`, [since])
    .update({ expires_at: db.fn.now() });
}
