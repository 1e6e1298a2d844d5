import { domainToASCII } from 'node:url';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import { bouncedMessageId, replyKeyIn, senderAddress } from '../../mail/address.js';
import { organizationByAddress } from '../deciding/thread.js';

/** What every source needs to take mail in. `secret` is the installation's. */
export interface MailIntake {
  db: Knex;
  config: Config;
  secret: string;
  log: Logger;
}

/** An address as we compare it: in small letters, its domain as DNS has it. */
export function normalizeAddress(address: string): string {
  const lower = address.trim().toLowerCase();
  const at = lower.lastIndexOf('@') + 1;
  return lower.slice(0, at) + (domainToASCII(lower.slice(at)) || lower.slice(at));
}

/**
 * The address under which mail to this one is kept; null if it is not for us. Whether a reply key is known is not
 * told: all of the right form are taken. The organizations' own addresses are known to all. A server that drops what
 * stands after the plus leaves "reply@" and "bounce@": those are placed by what they answer. Who writes to the
 * postmaster (RFC 5321 §4.5.1, RFC 2142) reaches the organization, if it is the only one.
 */
export async function ownRecipient(address: string, door: MailIntake): Promise<string | null> {
  const { mail_domain } = door.config;
  const ours = normalizeAddress(address);
  if (replyKeyIn(ours, mail_domain) || bouncedMessageId(door.secret, ours, mail_domain)) return ours;
  if (ours === `reply@${mail_domain}` || ours === `bounce@${mail_domain}`) return ours;
  if ([`postmaster@${mail_domain}`, `abuse@${mail_domain}`, 'postmaster'].includes(ours)) return onlyAddress(door);
  return (await organizationByAddress(door.db, ours, mail_domain)) === null ? null : ours;
}

/** Those of the addresses that are ours, as they are kept, each once. */
export async function ownRecipients(addresses: readonly string[], door: MailIntake): Promise<string[]> {
  const ours = await Promise.all(
    [...new Set(addresses.map(normalizeAddress))].map((address) => ownRecipient(address, door)),
  );
  return [...new Set(ours.flatMap((address) => address ?? []))];
}

/** The address of the only organization here; null where there are none or several. */
export async function onlyAddress({ db, config }: MailIntake): Promise<string | null> {
  const [only, second] = await db('organizations').limit(2).pluck('slug');
  return only && !second ? senderAddress(String(only), config.mail_domain) : null;
}
