import type { Knex } from 'knex';

// A message that came to another organization, too, is as much that one's.
const BLANK = `update inbound_messages m set raw = null, mail_from = '', remote_ip = '', helo = ''
  where m.id in (
      select d.message_id from inbound_deliveries d where d.organization_id = ? and d.id = any(?::uuid[]))
    and not exists (
      select from inbound_deliveries o where o.message_id = m.id and o.organization_id is distinct from ?)`;

/** Removes the originals of messages, by their deliveries here: their bytes, and where they came from. */
export async function blankOriginals(
  db: Knex.Transaction,
  organization_id: string,
  deliveries: readonly Record<string, unknown>[],
): Promise<void> {
  await db.raw(BLANK, [organization_id, deliveries.map(({ id }) => String(id)), organization_id]);
}
