import { timingSafeEqual } from 'node:crypto';
import { bounceMac } from '../db/secrets.js';

/**
 * Whether mail may be addressed to it: one address, with nothing in it that could end a command or begin another
 * recipient. Quoted parts before the @ (RFC 5321 §4.1.2) are not taken: nobody has them.
 */
export const isAddress = (address: string) =>
  address.length <= 254 && /^[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]+@[^\s\p{Cc}\p{Cf}<>()[\]\\,;:"@]+$/u.test(address);

/**
 * Where a reply goes: the key names the thread, the reader and the audience. At most 64 octets before the @ (RFC 5321
 * §4.5.3.1).
 */
export const replyAddress = (key: string, mail_domain: string) => `reply+${key}@${mail_domain}`;

/** The key in a reply address, whatever case a server on the way gave it; null if it is no reply address of ours. */
export function replyKeyIn(address: string, mail_domain: string): string | null {
  return (
    new RegExp(`^reply\\+([0-9a-f]{32})@${mail_domain.replaceAll('.', '\\.')}$`, 'i')
      .exec(address.trim())?.[1]
      ?.toLowerCase() ?? null
  );
}

/** The organization's own address at our domain, from which its mail comes. */
export const senderAddress = (slug: string, mail_domain: string) => `${slug}@${mail_domain}`;

/** A Message-ID (RFC 5322 §3.6.4) out of the part that is kept. */
export const messageIdOf = (id: string, mail_domain: string) => `<${id}@${mail_domain}>`;

/** The kept part of a Message-ID of ours; null if it is another's. */
export function ownMessageId(message_id: string, mail_domain: string): string | null {
  const [, id, domain] = /^<?([0-9a-f]{32})@([^>]+)>?$/i.exec(message_id.trim()) ?? [];
  return id && domain?.toLowerCase() === mail_domain ? id.toLowerCase() : null;
}

/**
 * Where a message's bounces come back to: its envelope's sender (VERP). It names the message, and a code that only
 * this installation can make, so that nobody who got the message can feign that it came back. 63 octets before the @.
 */
export const bounceAddress = (secret: string, message_id: string, mail_domain: string) =>
  `bounce+${message_id}${bounceMac(secret, message_id)}@${mail_domain}`;

/**
 * The kept Message-ID of the message whose bounce address this is, whatever case it is in; null if it is none of
 * ours.
 */
export function bouncedMessageId(secret: string, address: string, mail_domain: string): string | null {
  const [, id = '', mac = '', domain] =
    /^bounce\+([0-9a-f]{32})([0-9a-f]{24})@(.+)$/.exec(address.trim().toLowerCase()) ?? [];
  return domain === mail_domain && timingSafeEqual(Buffer.from(bounceMac(secret, id)), Buffer.from(mac)) ? id : null;
}
