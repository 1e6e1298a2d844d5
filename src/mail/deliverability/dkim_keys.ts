import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { seal, unseal } from '../../db/secrets.js';
import type { SigningKey } from './dkim.js';
import { type Lookup, textsAt } from './dns.js';

/**
 * A key as it is shown: `next` waits for its record, `current` signs once its record was seen, `old` signed what is
 * still under way.
 */
export interface KeyRow {
  selector: string;
  public_key: string;
  state: 'next' | 'current' | 'old';
  published_at: Date | null;
  created_at: Date;
}

const placeOf = (domain: string, selector: string) => `dkim:${domain}:${selector}`;

/** The name at which a key's record stands (RFC 6376 §3.6.2.1), and what it says. */
export const recordOf = (domain: string, { selector, public_key }: Pick<KeyRow, 'selector' | 'public_key'>) => ({
  name: `${selector}._domainkey.${domain}`,
  value: `v=DKIM1; k=rsa; p=${public_key}`,
});

const asClock = <T>(db: Knex, work: (db: Knex.Transaction) => Promise<T>) => withActor(db, systemActor(null), work);

/** All keys of a domain, the newest first. */
export const keysOf = (db: Knex, domain: string): Promise<KeyRow[]> =>
  asClock(db, (db) =>
    db('dkim_keys')
      .where({ domain })
      .orderBy('created_at', 'desc')
      .select('selector', 'public_key', 'state', 'published_at', 'created_at'),
  );

/**
 * Makes the first key of a domain, or the next one, unless one waits already. RSA with 2048 bits: every receiver can
 * check it (RFC 8301).
 */
export async function createKey(db: Knex, secret: string, domain: string, now = new Date()): Promise<void> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const bytes = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const public_key = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  await asClock(db, async (db) => {
    await db.raw('select pg_advisory_xact_lock(hashtext(?))', [`dkim ${domain}`]);
    const known: Pick<KeyRow, 'selector' | 'state'>[] = await db('dkim_keys')
      .where({ domain })
      .select('selector', 'state');
    if (known.some(({ state }) => state === 'next')) return;
    const state = known.some(({ state }) => state === 'current') ? 'next' : 'current';
    const day = `p${now.toISOString().slice(0, 10).replaceAll('-', '')}`;
    const selector = known.some(({ selector }) => selector === day) ? `${day}-${known.length}` : day;
    await db('dkim_keys').insert({
      domain,
      selector,
      public_key,
      state,
      private_key: seal(secret, placeOf(domain, selector), bytes),
    });
  });
}

/**
 * Makes the first key if there is none and the next after a year, and looks which records stand in DNS: a `next` key
 * that is seen becomes the current one. A record that is surely gone is not signed for; a DNS that doesn't answer
 * changes nothing.
 */
export async function checkKeys(db: Knex, secret: string, domain: string, lookup: Lookup): Promise<void> {
  const current = (await keysOf(db, domain)).find(({ state }) => state === 'current');
  if (!current || isWornOut(current)) await createKey(db, secret, domain);
  for (const key of await keysOf(db, domain)) {
    const texts = await textsAt(lookup, recordOf(domain, key).name).catch(() => null);
    if (texts)
      await note(
        db,
        domain,
        key,
        texts.some((text) => isPublished(text, key.public_key)),
      );
  }
}

/**
 * A key that has signed for a year is followed by another, so that one which was stolen unseen is of no use for ever.
 */
const isWornOut = ({ published_at }: KeyRow) =>
  published_at !== null && Date.now() - published_at.getTime() > 365 * 86_400_000;

/** Whether a record holds this key; how it is written beside that is up to whoever published it. */
export const isPublished = (record: string, public_key: string) =>
  record.replace(/\s/g, '').split(';').includes(`p=${public_key}`);

const note = (db: Knex, domain: string, { selector, state }: KeyRow, seen: boolean): Promise<void> =>
  asClock(db, async (db) => {
    const row = db('dkim_keys').where({ domain, selector });
    if (state === 'next' && seen) await db('dkim_keys').where({ domain, state: 'current' }).update({ state: 'old' });
    await row.update({
      published_at: seen ? db.raw('coalesce(published_at, now())') : null,
      ...(state === 'next' && seen ? { state: 'current' } : {}),
    });
  });

/** For so long a key that was found is used without looking again. */
const KEPT_MS = 60_000;

/**
 * Finds the key that signs now; null while its record has not been seen in DNS: a signature that nobody can check
 * counts as a broken one at the large receivers, none at all doesn't. Where nobody asks DNS (`always`: development,
 * tests) it signs from the start.
 */
export function keyring(db: Knex, secret: string, domain: string, always: boolean): () => Promise<SigningKey | null> {
  let known: { until: number; key: Promise<SigningKey | null> } | undefined;
  return () => {
    if (!known || known.until < Date.now()) {
      const key = current(db, secret, domain, always);
      known = { until: Date.now() + KEPT_MS, key };
      key.catch(() => (known = undefined));
    }
    return known.key;
  };
}

async function current(db: Knex, secret: string, domain: string, always: boolean): Promise<SigningKey | null> {
  const find = () => asClock(db, (db) => db('dkim_keys').where({ domain, state: 'current' }).first());
  let row = await find();
  if (!row) {
    await createKey(db, secret, domain);
    row = await find();
  }
  if (!always && !row.published_at) return null;
  const key = unseal(secret, placeOf(domain, row.selector), row.private_key);
  return { domain, selector: row.selector, private_key: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) };
}
