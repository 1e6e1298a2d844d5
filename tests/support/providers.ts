import { createHmac, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import type { Fetch } from '../../src/inbound/sources/providers/sns.js';

/** What a provider posts: to which path, with which headers and body. */
export interface Posted {
  path: string;
  headers: Record<string, string>;
  body: Buffer | string;
}

/** A message as a provider got it. Without `raw` its settings are wrong: it does not post the message itself. */
export interface Got {
  raw: string | null;
  from: string;
  to: string;
}

export type Provider = (got: Got, wrong?: 'signature') => Posted;

const form = (fields: Record<string, string>): Pick<Posted, 'headers' | 'body'> => {
  const edge = randomBytes(8).toString('hex');
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${edge}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${edge}` },
    body: `${parts.join('')}--${edge}--\r\n`,
  };
};

const KEYS = {
  postmark: 'a secret in the URL',
  mailgun: 'key-of-mailgun',
  ses: 'arn:aws:sns:eu-west-1:123456789012:inbound',
};
const twilio = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const amazon = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The settings under which the requests below are believed. */
export const SETTINGS = {
  POSTMARK_INBOUND_SECRET: KEYS.postmark,
  MAILGUN_SIGNING_KEY: KEYS.mailgun,
  SENDGRID_INBOUND_KEY: twilio.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  SES_TOPIC_ARN: KEYS.ses,
};

export const postmark: Provider = ({ raw, to }, wrong) => ({
  path: `/inbound/postmark?secret=${encodeURIComponent(wrong ? 'guessed' : KEYS.postmark)}`,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    From: 'x',
    OriginalRecipient: to,
    TextBody: 'Hi',
    ...(raw === null ? {} : { RawEmail: raw }),
  }),
});

export const mailgun: Provider = ({ raw, from, to }, wrong) => mailgunAt(Date.now(), { raw, from, to }, wrong);

/** As Mailgun signs it at that time. */
export function mailgunAt(now: number, { raw, from, to }: Got, wrong?: 'signature'): Posted {
  const [timestamp, token] = [String(Math.floor(now / 1000)), randomBytes(25).toString('hex')];
  const signature = createHmac('sha256', wrong ? 'another key' : KEYS.mailgun)
    .update(timestamp + token)
    .digest('hex');
  const fields = {
    recipient: to,
    sender: from,
    timestamp,
    token,
    signature,
    ...(raw === null ? {} : { 'body-mime': raw }),
  };
  return { path: '/inbound/mailgun/mime', ...form(fields) };
}

export const sendgrid: Provider = ({ raw, from, to }, wrong) => {
  const { headers, body } = form({
    envelope: JSON.stringify({ to: [to], from }),
    sender_ip: '127.0.0.1',
    ...(raw === null ? {} : { email: raw }),
  });
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createSign('sha256')
    .update(wrong ? 'other words' : time + String(body))
    .sign(twilio.privateKey, 'base64');
  const signed = {
    'X-Twilio-Email-Event-Webhook-Timestamp': time,
    'X-Twilio-Email-Event-Webhook-Signature': signature,
  };
  return { path: '/inbound/sendgrid', headers: { ...headers, ...signed }, body };
};

export const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem';

export const ses: Provider = ({ raw, from, to }, wrong) =>
  sns(
    {
      Type: 'Notification',
      Message: JSON.stringify({
        notificationType: 'Received',
        mail: { source: from, destination: [to] },
        receipt: { recipients: [to], action: { type: 'SNS', encoding: 'BASE64' } },
        ...(raw === null ? {} : { content: Buffer.from(raw).toString('base64') }),
      }),
    },
    wrong,
  );

/** As SNS signs a message, by its second version (SHA-256) unless `more` says the first. */
export function sns(more: Record<string, string>, wrong?: 'signature', key: KeyObject = amazon.privateKey): Posted {
  const message: Record<string, string> = {
    MessageId: '5e2d8f0a',
    TopicArn: KEYS.ses,
    Timestamp: '2026-11-03T09:14:00.000Z',
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE_URL,
    ...more,
  };
  const names = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'].filter(
    (name) => message[name],
  );
  const text = wrong ?? names.map((name) => `${name}\n${message[name]}\n`).join('');
  const signature = createSign(message['SignatureVersion'] === '2' ? 'sha256' : 'sha1')
    .update(text)
    .sign(key, 'base64');
  const headers = { 'Content-Type': 'text/plain; charset=UTF-8' };
  return { path: '/inbound/ses', headers, body: JSON.stringify({ ...message, Signature: signature }) };
}

/** Amazon's site: it has the certificate, and notes who came. */
export function amazonsSite() {
  const visits: string[] = [];
  const pem = selfSigned(amazon);
  const fetch: Fetch = async (url) => {
    visits.push(url);
    return pem;
  };
  return { fetch, visits };
}

/** A certificate for a key, signed by itself. */
export function selfSigned({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ format: 'pem', type: 'spki' }).toString());
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + 3_600_000);
  const name = [{ name: 'commonName', value: 'mail.parley.example' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(
    forge.pki.privateKeyFromPem(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()),
    forge.md.sha256.create(),
  );
  return forge.pki.certificateToPem(certificate);
}
