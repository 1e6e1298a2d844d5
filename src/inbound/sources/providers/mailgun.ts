import { createHmac } from 'node:crypto';
import { Rejection } from '../rejection.js';
import { isEqualSecret, type Provider, readFormFields } from './provider.js';

const MAX_AGE_MS = 300_000;

/**
 * Mailgun's route `forward("https://…/inbound/mailgun/mime")`; it posts the raw message only to a URL that ends in
 * "mime". The signature over time and token is valid for five minutes; replaying one only brings the same message.
 * Mailgun retries for 8 hours unless the status is 200 or 406.
 */
export const mailgun = (key: string): Provider => ({
  source: 'mailgun',
  final: 406,
  // Urlencoded, a byte may take three.
  factor: 3,
  read: async ({ body, header, now }) => {
    const fields = await readFormFields(body, header('Content-Type'));
    const field = (name: string) => fields.get(name)?.toString('utf8') ?? '';
    const [time, token] = [field('timestamp'), field('token')];
    const expected = createHmac('sha256', key).update(time).update(token).digest('hex');
    const fresh = /^\d{1,12}$/.test(time) && Math.abs(now - Number(time) * 1000) <= MAX_AGE_MS;
    if (!fresh || !token || !isEqualSecret(field('signature').toLowerCase(), expected))
      throw new Rejection('forged', 'The signature is not Mailgun’s');
    const raw = fields.get('body-mime');
    if (!raw?.length) throw new Rejection('unreadable', 'There is no body-mime: the route’s URL must end with “mime”');
    const recipients = field('recipient').split(',').filter(Boolean);
    return { raw, mail_from: fields.has('sender') ? field('sender') : null, recipients, remote_ip: '' };
  },
});
