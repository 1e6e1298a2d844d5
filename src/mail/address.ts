import { timingSafeEqual } from 'node:crypto';
import { bounceMac } from '../db/secrets.js';

/**
 * Whether mail can be addressed to it: a single address without characters that could end an SMTP command or start a
 * second recipient. Quoted local parts (RFC 5321 §4.1.2) are rejected: nobody uses them.
 */
export const isAddress = (address: string) =>
  address.length <= 254 && /^[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]+$/u.test(address);

/** Where replies go. The key identifies thread, reader and audience; the local part fits in 64 octets (RFC 5321). */
export const replyAddress = (key: string, mail_domain: string) => `reply+${key}@${mail_domain}`;

/** The key in a reply address, in lower case since servers may change the case; null for any other address. */
export function replyKeyIn(address: string, mail_domain: string): string | null {
  return (
    new RegExp(`^reply\\+([0-9a-f]{32})@${mail_domain.replaceAll('.', '\\.')}$`, 'i')
      .exec(address.trim())?.[1]
      ?.toLowerCase() ?? null
  );
}

/** A project's own address. Its name is for people: the key alone tells which project it is. */
export const projectAddress = (name: string, key: string, mail_domain: string) =>
  `${name.toLowerCase()}-${key}@${mail_domain}`;

/** The key in a project's address, of any case; null for any other address. */
export function projectKeyIn(address: string, mail_domain: string): string | null {
  const [, key = null, domain] = /^[a-z0-9][a-z0-9-]*-([0-9a-f]{20})@(.+)$/.exec(address.trim().toLowerCase()) ?? [];
  return domain === mail_domain ? key : null;
}

/** The address of an organization at our domain, used as From. */
export const senderAddress = (slug: string, mail_domain: string) => `${slug}@${mail_domain}`;

/** The Message-ID (RFC 5322 §3.6.4) for the id stored in `emails.message_id`. */
export const messageIdOf = (id: string, mail_domain: string) => `<${id}@${mail_domain}>`;

/** The stored id in one of our Message-IDs; null for anyone else's. */
export function ownMessageId(message_id: string, mail_domain: string): string | null {
  const [, id, domain] = /^<?([0-9a-f]{32})@([^>]+)>?$/i.exec(message_id.trim()) ?? [];
  return id && domain?.toLowerCase() === mail_domain ? id.toLowerCase() : null;
}

/**
 * The envelope sender (VERP), to which bounces return. It carries the message's id and a MAC, so that a recipient
 * can't forge a bounce of another message. 63 octets before the @.
 */
export const bounceAddress = (secret: string, message_id: string, mail_domain: string) =>
  `bounce+${message_id}${bounceMac(secret, message_id)}@${mail_domain}`;

/** The stored Message-ID in a bounce address of any case; null if it isn't one of ours. */
export function bouncedMessageId(secrets: readonly string[], address: string, mail_domain: string): string | null {
  const [, id = '', mac = '', domain] =
    /^bounce\+([0-9a-f]{32})([0-9a-f]{24})@(.+)$/.exec(address.trim().toLowerCase()) ?? [];
  const fits = (secret: string) => timingSafeEqual(Buffer.from(bounceMac(secret, id)), Buffer.from(mac));
  return domain === mail_domain && secrets.some(fits) ? id : null;
}
