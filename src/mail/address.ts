/** Where a reply goes: the key names the thread, the reader and the audience. At most 64 octets before the @ (RFC 5321 §4.5.3.1). */
export const replyAddress = (key: string, mail_domain: string) => `reply+${key}@${mail_domain}`;

/** The key in a reply address, whatever case a server on the way gave it; null if it is no reply address of ours. */
export function keyIn(address: string, mail_domain: string): string | null {
  return new RegExp(`^reply\\+([0-9a-f]{32})@${mail_domain.replaceAll('.', '\\.')}$`, 'i').exec(address.trim())?.[1]?.toLowerCase() ?? null;
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
