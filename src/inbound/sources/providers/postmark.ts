import { z } from 'zod';
import { Rejection } from '../rejection.js';
import { isEqualSecret, parseJson, type Provider, type ProviderRequest } from './provider.js';

const Inbound = z.object({
  RawEmail: z.string().min(1),
  OriginalRecipient: z.string().default(''),
});

/**
 * Postmark's inbound webhook with "Include raw email content in JSON payload" on. Requests aren't signed; the secret is
 * in the URL, as the password (https://any:secret@…) or as ?secret=. Postmark retries for 10 hours unless the status
 * is 200 or 403.
 */
export const postmark = (secret: string): Provider => ({
  source: 'postmark',
  final: 403,
  // The message twice, its files in base64, all of it escaped for JSON.
  factor: 4,
  isAllowed: (request) => [request.query('secret'), passwordOf(request)].some((given) => isEqualSecret(given, secret)),
  read: async ({ body }) => {
    const inbound = Inbound.safeParse(parseJson(body));
    if (!inbound.success)
      throw new Rejection('unreadable', 'There is no RawEmail: include the raw content in the webhook’s settings');
    const { RawEmail, OriginalRecipient } = inbound.data;
    const recipients = [OriginalRecipient].filter(Boolean);
    return { raw: Buffer.from(RawEmail), mail_from: null, recipients, remote_ip: '' };
  },
});

function passwordOf({ header }: Pick<ProviderRequest, 'header'>): string {
  const [, encoded = ''] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header('Authorization')) ?? [];
  return /:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1] ?? '';
}
