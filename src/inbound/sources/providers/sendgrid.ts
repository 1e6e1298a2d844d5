import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { Rejection } from '../rejection.js';
import { parseJson, type Provider, type ProviderRequest, readFormFields } from './provider.js';

const Envelope = z.object({ to: z.array(z.string()), from: z.string().default('') });

/**
 * SendGrid's Inbound Parse with "POST the raw, full MIME message" on and a security policy that signs time and body
 * with ECDSA. `key` is the public key that SendGrid shows (DER in base64, or PEM). SendGrid retries for 3 days after a
 * 5xx.
 */
export function sendgrid(key: string): Provider {
  const public_key = parseKey(key);
  return {
    source: 'sendgrid',
    final: 406,
    factor: 2,
    read: async (request) => {
      if (!isSigned(request, public_key)) throw new Rejection('forged', 'The signature is not SendGrid’s');
      const fields = await readFormFields(request.body, request.header('Content-Type'));
      const raw = fields.get('email');
      if (!raw?.length)
        throw new Rejection('unreadable', 'There is no email: choose “POST the raw, full MIME message”');
      const envelope = Envelope.safeParse(parseJson(fields.get('envelope') ?? '{}'));
      const { to, from } = envelope.success ? envelope.data : { to: [], from: null };
      const remote_ip = fields.get('sender_ip')?.toString('latin1').trim() ?? '';
      return { raw, mail_from: from, recipients: to, remote_ip };
    },
  };
}

/** @throws Error naming the setting */
function parseKey(key: string): KeyObject {
  try {
    return key.includes('-----')
      ? createPublicKey(key)
      : createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
  } catch (error) {
    throw new Error('SENDGRID_INBOUND_KEY: must be the public key that SendGrid shows, as base64 or PEM', {
      cause: error,
    });
  }
}

/** Covers SendGrid's retries; replaying a request only brings the same message. */
const MAX_AGE_MS = 4 * 86_400_000;

function isSigned({ body, header, now }: ProviderRequest, key: KeyObject): boolean {
  const time = header('X-Twilio-Email-Event-Webhook-Timestamp');
  const signature = Buffer.from(header('X-Twilio-Email-Event-Webhook-Signature'), 'base64');
  if (!/^\d{1,12}$/.test(time) || Math.abs(now - Number(time) * 1000) > MAX_AGE_MS) return false;
  return verify('sha256', Buffer.concat([Buffer.from(time), body]), key, signature);
}
