import type { Knex } from 'knex';
import { reseal } from '../../db/secrets.js';
import { sealContext } from './dkim_keys.js';

/**
 * Seals the keys that sign outgoing mail under the first of these secrets. Those that none of them opens are removed, so
 * that new ones are made; returns their selectors. As the system.
 */
export async function resealDkimKeys(db: Knex.Transaction, secrets: readonly string[]): Promise<string[]> {
  const keys: { domain: string; selector: string; private_key: Buffer }[] = await db('dkim_keys').select(
    'domain',
    'selector',
    'private_key',
  );
  const lost: string[] = [];
  for (const { domain, selector, private_key } of keys) {
    const row = db('dkim_keys').where({ domain, selector });
    const sealed = reseal(secrets, sealContext(domain, selector), private_key);
    if (sealed) await row.update({ private_key: sealed });
    else {
      lost.push(`${selector}._domainkey.${domain}`);
      await row.del();
    }
  }
  return lost;
}
