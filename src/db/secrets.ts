import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes that only this installation can make from `purpose` and `id`, so that an email reads the same on every try. */
const derive = (secret: string, purpose: string, id: string) =>
  createHmac('sha256', secret).update(`${purpose}:${id}`).digest();

/** A link's secret: 256 bits in the letters that every mail program leaves alone (A-Z a-z 0-9 - _). */
export const linkToken = (secret: string, id: string) => derive(secret, 'link', id).toString('base64url');

/** A reply address's secret: 128 bits in lower-case hex, since mail servers may fold the case. */
export const replyKey = (secret: string, id: string) => derive(secret, 'reply', id).toString('hex').slice(0, 32);

/** What proves that a bounce came back to an address that we made: 96 bits in lower-case hex. */
export const bounceMac = (secret: string, message_id: string) =>
  derive(secret, 'bounce', message_id).toString('hex').slice(0, 24);

/** What proves that a link which stops mail is ours: 128 bits in lower-case hex. */
export const unsubscribeMac = (secret: string, message_id: string) =>
  derive(secret, 'unsubscribe', message_id).toString('hex').slice(0, 32);

/** Six digits, as mailed for a sign-in. */
export const sixDigits = (secret: string, id: string) =>
  String(derive(secret, 'code', id).readUInt32BE() % 1_000_000).padStart(6, '0');

/** What signs the sandbox gateway's webhooks. */
export const webhookSignature = (secret: string, body: string) => derive(secret, 'webhook', body).toString('hex');

/** What opens the first page of a new installation that the whole world can reach. */
export const setupKey = (secret: string) => derive(secret, 'setup', '').toString('base64url');

/** 256 random bits, for a session's cookie. */
export const randomToken = () => randomBytes(32).toString('base64url');

/** What the database keeps of a secret. */
export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** What locks an organization's PKCS#12, inside the sealed box that it lies in. */
export const keyPassphrase = (secret: string, organization_id: string) =>
  derive(secret, 'signing key', organization_id).toString('base64url');

const sealingKey = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'sealed at rest', 32));

/**
 * Bytes as they may lie in the database: AES-256-GCM under a key of this installation (HKDF, RFC 5869), bound to
 * `place` so that no row can stand in for another.
 */
export function seal(secret: string, place: string, bytes: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** What `seal` sealed. @throws Error if it was sealed under another SECRET or for another place, or was changed. */
export function unseal(secret: string, place: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
