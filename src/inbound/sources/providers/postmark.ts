import { z } from 'zod';
import { Rejection } from '../rejection.js';
import { type ProviderRequest, isEqualSecret, type Provider } from './provider.js';

const Inbound = z.object({
  RawEmail: z.string().min(1),
  OriginalRecipient: z.string().default(''),
});

/**
 * Postmark's inbound webhook, with "Include raw email content in JSON payload" on. It is not signed: the secret
 * stands in its URL, as the password (https://any:secret@…) or as ?secret=. Postmark comes again for 10 hours unless
 * the answer is 200, or 403.
 */
export const postmark = (secret: string): Provider => ({
  source: 'postmark',
  final: 403,
  // The message twice over, its files in base64, and quotes for all of it.
  factor: 4,
  mayAsk: (asked) => [asked.query('secret'), passwordOf(asked)].some((given) => isEqualSecret(given, secret)),
  read: async ({ body }) => {
    const inbound = Inbound.safeParse(parseJson(body));
    if (!inbound.success)
      throw new Rejection('unreadable', 'There is no RawEmail: include the raw content in the webhook’s settings');
    const { RawEmail, OriginalRecipient } = inbound.data;
    return {
      raw: Buffer.from(RawEmail),
      mail_from: null,
      recipients: [OriginalRecipient].filter(Boolean),
      remote_ip: '',
    };
  },
});

function passwordOf({ header }: Pick<ProviderRequest, 'header'>): string {
  const [, encoded = ''] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header('Authorization')) ?? [];
  return /:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8'))?.[1] ?? '';
}

/** @throws NotTaken */
export function parseJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(String(body));
  } catch (error) {
    throw new Rejection('unreadable', 'This is no JSON', { cause: error });
  }
}
