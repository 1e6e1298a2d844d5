import type { Knex } from 'knex';
import { systemActor, withActor } from '../../../db/scope.js';
import { hashOf } from '../../../db/secrets.js';

/** How many of these reply keys there are. */
export function countReplyKeys(db: Knex, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return Promise.resolve(0);
  const hashes = keys.map(hashOf);
  return withActor(db, systemActor(null), async (db) => {
    const [, found] = await Promise.all([
      db.raw(`select set_config('app.secrets', ?, true)`, [`{${hashes.join(',')}}`]),
      db('reply_keys').whereIn('key_hash', hashes).pluck('key_hash'),
    ]);
    return keys.filter((_, i) => found.includes(hashes[i])).length;
  });
}
