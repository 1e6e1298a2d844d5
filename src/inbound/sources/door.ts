import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import { bouncedId, keyIn, senderAddress } from '../../mail/address.js';
import { organizationAt } from '../deciding/thread_of.js';

/** What every source needs to take mail in. `secret` is the installation's. */
export interface Door {
  db: Knex;
  config: Config;
  secret: string;
  log: Logger;
}

/**
 * Whether mail to this address is for us. Whether a reply key is known is not told: all of the right form are taken. The organizations' own
 * addresses are known to all. A server that drops what stands after the plus leaves "reply@" and "bounce@": those are placed by what they answer.
 */
export async function isOurs(address: string, { db, config, secret }: Door): Promise<boolean> {
  const { mail_domain } = config;
  const lower = address.trim().toLowerCase();
  if (keyIn(lower, mail_domain) || bouncedId(secret, lower, mail_domain)) return true;
  if (lower === `reply@${mail_domain}` || lower === `bounce@${mail_domain}`) return true;
  return (await organizationAt(db, lower, mail_domain)) !== null;
}

/** Those of the addresses that are ours, lower case, each once. */
export async function oursAmong(addresses: readonly string[], door: Door): Promise<string[]> {
  const all = [...new Set(addresses.map((address) => address.trim().toLowerCase()))];
  const ours = await Promise.all(all.map((address) => isOurs(address, door)));
  return all.filter((_, i) => ours[i]);
}

/** The address of the only organization here; null where there are none or several. */
export async function onlyAddress({ db, config }: Door): Promise<string | null> {
  const [only, second] = await db('organizations').limit(2).pluck('slug');
  return only && !second ? senderAddress(String(only), config.mail_domain) : null;
}
