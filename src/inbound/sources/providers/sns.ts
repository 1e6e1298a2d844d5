import { verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** Fetches text over HTTPS. @throws if that fails */
export type Fetch = (url: string) => Promise<string>;

export const SnsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  Subject: z.string().optional(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
});
export type SnsMessage = z.infer<typeof SnsMessage>;

/** Whether a URL is Amazon SNS's own. On any other host somebody could publish a certificate of theirs. */
export function isAmazonUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return (
    protocol === 'https:' &&
    !port &&
    !username &&
    !password &&
    /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?$/.test(hostname)
  );
}

/** What SNS signs, in this order: each name and value on a line of its own. */
const SIGNED_FIELDS = [
  'Message',
  'MessageId',
  'Subject',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;

const signedText = (message: SnsMessage) =>
  SIGNED_FIELDS.filter((name) => message[name] !== undefined && (message.Type === 'Notification' || name !== 'Subject'))
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');

/** Verifies signatures with certificates that `fetch` downloads, each once while it is valid. */
export function snsChecker(fetch: Fetch): (message: SnsMessage) => Promise<boolean> {
  const certificates = new Map<string, X509Certificate>();
  const certificateAt = async (url: string) => {
    const cached = certificates.get(url);
    if (cached && Date.parse(cached.validTo) > Date.now()) return cached;
    const certificate = new X509Certificate(await fetch(url));
    if (certificates.size >= 20) certificates.clear();
    certificates.set(url, certificate);
    return certificate;
  };
  return async (message) => {
    const { SigningCertURL, SignatureVersion, Signature } = message;
    if (!isAmazonUrl(SigningCertURL) || !new URL(SigningCertURL).pathname.endsWith('.pem')) return false;
    const { publicKey, validFrom, validTo } = await certificateAt(SigningCertURL);
    if (Date.parse(validFrom) > Date.now() || Date.parse(validTo) < Date.now()) return false;
    const hash = SignatureVersion === '2' ? 'sha256' : 'sha1';
    return verify(hash, Buffer.from(signedText(message)), publicKey, Buffer.from(Signature, 'base64'));
  };
}
