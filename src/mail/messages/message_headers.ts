import type { SendMailOptions } from 'nodemailer';
import { bounceAddress, messageIdOf, senderAddress } from '../address.js';

/** This installation, as links and addresses are built from it. */
export interface Installation {
  base_url: string;
  mail_domain: string;
  /** Keys the tokens in links and addresses. */
  secret: string;
}

/**
 * The headers that all our messages share: the organization as sender, one recipient, an envelope sender of their own
 * for bounces, one Message-ID across retries, and the mark of automatic mail (RFC 3834).
 */
export function messageHeaders(
  organization: { slug: string; name: string },
  to: { name: string; address: string },
  message_id: string,
  { mail_domain, secret }: Installation,
): Omit<SendMailOptions, 'headers'> & { headers: Record<string, string> } {
  return {
    envelope: { from: bounceAddress(secret, message_id, mail_domain), to: [to.address] },
    from: { name: oneLine(organization.name), address: senderAddress(organization.slug, mail_domain) },
    to: { name: oneLine(to.name), address: to.address },
    messageId: messageIdOf(message_id, mail_domain),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** Marks optional mail as a list (RFC 2919) that one click unsubscribes from (RFC 8058). */
export const listHeaders = (
  organization: { slug: string; name: string },
  unsubscribe_url: string,
  { mail_domain }: Installation,
): SendMailOptions => ({
  list: {
    id: { url: `documents.${organization.slug}.${mail_domain}`, comment: oneLine(organization.name) },
    unsubscribe: { url: unsubscribe_url },
  },
});

/** Text made safe for a header: one line, without characters that change its direction. */
export const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 200);
