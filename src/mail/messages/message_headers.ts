import type { SendMailOptions } from 'nodemailer';
import { bounceAddress, messageIdOf, senderAddress } from '../address.js';
import { oneLine } from './safe_text.js';

/** This installation, as links and addresses are built from it. */
export interface Installation {
  base_url: string;
  mail_domain: string;
  /** Keys the tokens in links and addresses. */
  secret: string;
}

/**
 * The headers that all our messages share: the organization as sender, one recipient, the subject, an envelope sender of
 * their own for bounces, one Message-ID across retries, and the mark of automatic mail (RFC 3834).
 */
export function messageHeaders(
  organization: { slug: string; name: string },
  to: { name: string; address: string },
  { message_id, subject }: { message_id: string; subject: string },
  { mail_domain, secret }: Installation,
): Omit<SendMailOptions, 'headers'> & { headers: Record<string, string> } {
  return {
    envelope: { from: bounceAddress(secret, message_id, mail_domain), to: [to.address] },
    from: { name: oneLine(organization.name), address: senderAddress(organization.slug, mail_domain) },
    to: { name: oneLine(to.name), address: to.address },
    subject: oneLine(subject),
    messageId: messageIdOf(message_id, mail_domain),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** Begins a subject with the organization, whose name may not crowd out what follows. */
export const subjectOf = (organization: { name: string }, about: string): string =>
  oneLine(`[${oneLine(organization.name, 80)}] ${about}`);

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
