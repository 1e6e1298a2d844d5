import type { Knex } from 'knex';

/**
 * Remembers a browser that a user signs in with. Returns whether it is new to them: not the first they ever used, of
 * which there is nothing to tell.
 */
export async function noteDevice(db: Knex.Transaction, user_id: string, device_hash: string): Promise<boolean> {
  const others = await db('known_devices').where({ user_id }).limit(1).select('device_hash');
  const added = await db('known_devices')
    .insert({ user_id, device_hash })
    .onConflict(['user_id', 'device_hash'])
    .ignore()
    .returning('device_hash');
  return added.length > 0 && others.length > 0;
}
