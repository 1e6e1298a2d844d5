import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { seal, unseal } from '../../db/secrets.js';
import type { SigningKey } from './dkim.js';
import { type Lookup, textsAt } from './dns.js';

/**
 * A key as the delivery page shows it. `next` waits for its DNS record, `current` signs once its record was seen, `old`
 * signed messages that may still be in transit.
 */
export interface KeyRow {
  selector: string;
  public_key: string;
  state: 'next' | 'current' | 'old';
  published_at: Date | null;
  created_at: Date;
}

/** Binds a sealed private key to its domain and selector. */
export const sealContext = (domain: string, selector: string) => `dkim:${domain}:${selector}`;

/** The name and value of a key's DNS record (RFC 6376 §3.6.2.1). */
export const recordOf = (domain: string, { selector, public_key }: Pick<KeyRow, 'selector' | 'public_key'>) => ({
  name: `${selector}._domainkey.${domain}`,
  value: `v=DKIM1; k=rsa; p=${public_key}`,
});

const asSystem = <T>(db: Knex, work: (db: Knex.Transaction) => Promise<T>) => withActor(db, systemActor(null), work);

/** All keys of a domain, newest first. */
export const keysOf = (db: Knex, domain: string): Promise<KeyRow[]> =>
  asSystem(db, (db) =>
    db('dkim_keys')
      .where({ domain })
      .orderBy('created_at', 'desc')
      .select('selector', 'public_key', 'state', 'published_at', 'created_at'),
  );

/**
 * Creates a domain's first key, or the next one unless one is already waiting. RSA with 2048 bits, which every receiver
 * can verify (RFC 8301).
 */
export async function createKey(db: Knex, secret: string, domain: string, now = new Date()): Promise<void> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const bytes = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const public_key = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await asSystem(db, async (db) => {
    await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`dkim ${domain}`]);
    const keys: Pick<KeyRow, 'selector' | 'state'>[] = await db('dkim_keys')
      .where({ domain })
      .select('selector', 'state');
    if (keys.some(({ state }) => state === 'next')) return;
    const state = keys.some(({ state }) => state === 'current') ? 'next' : 'current';
    const day = `p${now.toISOString().slice(0, 10).replaceAll('-', '')}`;
    const selector = keys.some(({ selector }) => selector === day) ? `${day}-${keys.length}` : day;
    const private_key = seal(secret, sealContext(domain, selector), bytes);
    await db('dkim_keys').insert({ domain, selector, public_key, state, private_key });
  });
}

/**
 * Creates keys as needed (the first, and the next one after a year) and looks for their DNS records. A `next` key whose
 * record is published becomes current; a key whose record is gone stops signing. No answer from DNS changes nothing.
 */
export async function checkKeys(db: Knex, secret: string, domain: string, lookup: Lookup): Promise<void> {
  const current = (await keysOf(db, domain)).find(({ state }) => state === 'current');
  if (!current || isDueForRotation(current)) await createKey(db, secret, domain);
  for (const key of await keysOf(db, domain)) {
    const texts = await textsAt(lookup, recordOf(domain, key).name).catch(() => null);
    const published = texts?.some((text) => isPublished(text, key.public_key));
    if (published !== undefined) await savePublished(db, domain, key, published);
  }
}

/** A yearly rotation limits how long a stolen key is of use. */
const isDueForRotation = ({ published_at }: KeyRow) =>
  published_at !== null && Date.now() - published_at.getTime() > 365 * 86_400_000;

/** Whether a TXT record contains this key, however its other tags are written. */
export const isPublished = (record: string, public_key: string) =>
  record.replace(/\s/g, '').split(';').includes(`p=${public_key}`);

const savePublished = (db: Knex, domain: string, { selector, state }: KeyRow, published: boolean): Promise<void> =>
  asSystem(db, async (db) => {
    const activates = state === 'next' && published;
    if (activates) await db('dkim_keys').where({ domain, state: 'current' }).update({ state: 'old' });
    await db('dkim_keys')
      .where({ domain, selector })
      .update({
        published_at: published ? db.raw('coalesce(published_at, now())') : null,
        ...(activates ? { state: 'current' } : {}),
      });
  });

const CACHE_MS = 60_000;

/**
 * Returns a function that finds the signing key, cached for a minute. It gives null until the key's DNS record is
 * published, since large receivers treat an unverifiable signature worse than none. With `always` (development, tests)
 * it doesn't wait for DNS.
 */
export function keyring(db: Knex, secret: string, domain: string, always: boolean): () => Promise<SigningKey | null> {
  let cached: { until: number; key: Promise<SigningKey | null> } | undefined;
  return () => {
    if (!cached || cached.until < Date.now()) {
      const key = signingKey(db, secret, domain, always);
      cached = { until: Date.now() + CACHE_MS, key };
      key.catch(() => (cached = undefined));
    }
    return cached.key;
  };
}

async function signingKey(db: Knex, secret: string, domain: string, always: boolean): Promise<SigningKey | null> {
  const find = () => asSystem(db, (db) => db('dkim_keys').where({ domain, state: 'current' }).first());
  let row = await find();
  if (!row) {
    await createKey(db, secret, domain);
    row = await find();
  }
  if (!always && !row.published_at) return null;
  const key = unseal(secret, sealContext(domain, row.selector), row.private_key);
  return { domain, selector: row.selector, private_key: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
}
