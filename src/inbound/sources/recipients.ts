import { domainToASCII } from 'node:url';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Config } from '../../config.js';
import { systemActor, withActor } from '../../db/scope.js';
import { hashOf, honouredSecrets } from '../../db/secrets.js';
import { bouncedMessageId, projectKeyIn, replyKeyIn, senderAddress } from '../../mail/address.js';
import { organizationByAddress } from '../deciding/thread.js';

/** What every source needs to accept mail. `secret` is the installation's. */
export interface MailIntake {
  db: Knex;
  config: Config;
  secret: string;
  log: Logger;
}

/** An address in lower case, with its domain as DNS has it. */
function normalizeAddress(address: string): string {
  const lower = address.trim().toLowerCase();
  const at = lower.lastIndexOf('@') + 1;
  return lower.slice(0, at) + (domainToASCII(lower.slice(at)) || lower.slice(at));
}

/**
 * The address under which mail to this one is stored; null if it isn't ours. Every well-formed address of a reply or a
 * project is accepted, so that a sender can't find out which keys exist. "reply@" and "bounce@" are left when a server
 * drops what follows the plus; their mail is assigned by the message it answers. Mail to the postmaster (RFC 5321
 * §4.5.1, RFC 2142) goes to the organization, if there is only one.
 */
export async function ownRecipient(address: string, intake: MailIntake): Promise<string | null> {
  const { mail_domain } = intake.config;
  const own = normalizeAddress(address);
  if (replyKeyIn(own, mail_domain) || projectKeyIn(own, mail_domain)) return own;
  if (bouncedMessageId(honouredSecrets(intake.secret, intake.config), own, mail_domain)) return own;
  if (own === `reply@${mail_domain}` || own === `bounce@${mail_domain}`) return own;
  if ([`postmaster@${mail_domain}`, `abuse@${mail_domain}`, 'postmaster'].includes(own)) return onlyAddress(intake);
  return (await organizationByAddress(intake.db, own, mail_domain)) === null ? null : own;
}

/** Those of the addresses that are ours, as they are stored, without duplicates. */
export async function ownRecipients(addresses: readonly string[], intake: MailIntake): Promise<string[]> {
  const own = await Promise.all(
    [...new Set(addresses.map(normalizeAddress))].map((address) => ownRecipient(address, intake)),
  );
  return [...new Set(own.flatMap((address) => address ?? []))];
}

/** The address of the only organization; null if there are none or several. */
export async function onlyAddress({ db, config }: MailIntake): Promise<string | null> {
  const [only, second] = await db('organizations').limit(2).pluck('slug');
  return only && !second ? senderAddress(String(only), config.mail_domain) : null;
}

/** How many of these reply keys exist. */
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
