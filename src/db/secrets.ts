import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Bytes that only this installation can make from `purpose` and `id`, so that an email reads the same on every try. */
const derive = (secret: string, purpose: string, id: string) => createHmac('sha256', secret).update(`${purpose}:${id}`).digest();

/** A link's secret: 256 bits in the letters that every mail program leaves alone (A-Z a-z 0-9 - _). */
export const linkToken = (secret: string, id: string) => derive(secret, 'link', id).toString('base64url');

/** A reply address's secret: 128 bits in lower-case hex, since mail servers may fold the case. */
export const replyKey = (secret: string, id: string) => derive(secret, 'reply', id).toString('hex').slice(0, 32);

/** Six digits, as mailed for a sign-in. */
export const sixDigits = (secret: string, id: string) => String(derive(secret, 'code', id).readUInt32BE() % 1_000_000).padStart(6, '0');

/** What signs the sandbox gateway's webhooks. */
export const webhookSignature = (secret: string, body: string) => derive(secret, 'webhook', body).toString('hex');

/** What opens the first page of a new installation that the whole world can reach. */
export const setupKey = (secret: string) => derive(secret, 'setup', '').toString('base64url');

/** 256 random bits, for a session's cookie. */
export const randomToken = () => randomBytes(32).toString('base64url');

/** What the database keeps of a secret. */
export const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
