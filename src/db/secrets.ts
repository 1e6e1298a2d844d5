import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret of this installation, as a file in `folder` that the first start makes; in production SECRET takes its
 * place. Linked once it is complete: a process killed in between would leave an empty secret.
 */
export async function readOrCreateSecret(folder: string): Promise<string> {
  const [file, temporary] = [join(folder, 'secret'), join(folder, `secret.${process.pid}`)];
  await writeFile(temporary, randomBytes(32).toString('hex'), { mode: 0o600 });
  await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary);
  return readFile(file, 'utf8');
}

/** The secret that everything new is made under, and the one before, while it is honoured. */
export const honouredSecrets = (secret: string, { secret_old }: { secret_old: string | undefined }): string[] =>
  secret_old ? [secret, secret_old] : [secret];

/** Tells one secret from another. */
export const fingerprintOf = (secret: string) => derive(secret, 'fingerprint', '').toString('hex').slice(0, 16);

/** An HMAC rather than random bytes, so that an email reads the same on each attempt to send it. */
const derive = (secret: string, purpose: string, id: string) =>
  createHmac('sha256', secret).update(`${purpose}:${id}`).digest();

/** A magic link's token: 256 bits in base64url, which every mail program leaves alone. */
export const linkToken = (secret: string, id: string) => derive(secret, 'link', id).toString('base64url');

/** The secret in a reply address: 128 bits in lower-case hex, since mail servers may fold the case. */
export const replyKey = (secret: string, id: string) => derive(secret, 'reply', id).toString('hex').slice(0, 32);

/** Proves that a bounce came to an address of ours: 96 bits in lower-case hex. */
export const bounceMac = (secret: string, message_id: string) =>
  derive(secret, 'bounce', message_id).toString('hex').slice(0, 24);

/** Proves that an unsubscribe link is ours: 128 bits in lower-case hex. */
export const unsubscribeMac = (secret: string, message_id: string) =>
  derive(secret, 'unsubscribe', message_id).toString('hex').slice(0, 32);

/** The sign-in code that is emailed. */
export const sixDigits = (secret: string, id: string) =>
  String(derive(secret, 'code', id).readUInt32BE() % 1_000_000).padStart(6, '0');

/** One of a set of recovery codes: 50 bits in letters and digits that can't be mistaken for one another. */
export function recoveryCode(secret: string, set_id: string, i: number): string {
  const letters = Array.from(derive(secret, 'recovery', `${set_id}:${i}`).subarray(0, 10), (byte) =>
    'abcdefghijkmnpqrstuvwxyz23456789'.charAt(byte % 32),
  );
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

/** Signs the sandbox gateway's webhooks. */
export const webhookSignature = (secret: string, body: string) => derive(secret, 'webhook', body).toString('hex');

/** Opens the set-up page of a new installation that the whole world can reach. */
export const setupKey = (secret: string) => derive(secret, 'setup', '').toString('base64url');

/** 256 random bits, for a session's cookie. */
export const randomToken = () => randomBytes(32).toString('base64url');

/** What the database stores of a secret: its SHA-256 in hex. */
export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** The passphrase of an organization's PKCS#12, which is also sealed as a whole. */
export const keyPassphrase = (secret: string, organization_id: string) =>
  derive(secret, 'signing key', organization_id).toString('base64url');

const sealingKey = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'sealed at rest', 32));

/**
 * Encrypts bytes for the database: AES-256-GCM under a key of this installation (HKDF, RFC 5869), bound to `place` so
 * that one row can't be swapped for another.
 */
export function seal(secret: string, place: string, bytes: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(secret), iv).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

/** The reverse of `seal`. @throws Error if it was sealed under another SECRET or for another place, or was changed. */
export function unseal(secret: string, place: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(secret), sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

/** What one of these secrets sealed, unsealed; null if none did. */
export function unsealWithAny(secrets: readonly string[], place: string, sealed: Buffer): Buffer | null {
  for (const secret of secrets) {
    try {
      return unseal(secret, place, sealed);
    } catch {
      // Sealed under another, or not whole.
    }
  }
  return null;
}

/** What one of these secrets sealed, sealed under the first; null if none did. */
export function reseal(secrets: readonly string[], place: string, sealed: Buffer): Buffer | null {
  const bytes = unsealWithAny(secrets, place, sealed);
  return bytes && seal(secrets[0] ?? '', place, bytes);
}
