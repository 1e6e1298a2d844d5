import { timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { setActor, systemActor } from '../db/scope.js';
import { hashOf, linkToken, randomToken, sixDigits } from '../db/secrets.js';
import { queueEmail } from '../mail/outbox/queue.js';
import { openSession } from './sessions.js';

export const CODE_MINUTES = 15;
const TRIES = 10;
const PER_ADDRESS = 5;
const PER_IP = 60;

interface Asked {
  email: string;
  /** The organization whose page asked, if one did: its name stands on the email. */
  slug: string | null;
  return_to: string;
  remote_ip: string;
}

/**
 * Begins a sign-in: a code and a link go to the address, if anybody here has it. Returns the token for the browser
 * that asked, which alone may type the code. What it does and returns is the same for an address nobody has. Older
 * codes for the address end. Null: asked too often.
 */
export function beginSignIn(
  db: Knex,
  secret: string,
  { email, slug, return_to, remote_ip }: Asked,
): Promise<string | null> {
  return db.transaction(async (db) => {
    const address = email.trim().toLowerCase();
    await db.raw('select pg_advisory_xact_lock(hashtext(?))', [address]);
    if (await tooOften(db, address, remote_ip)) return null;
    const user = await db('users').where({ email: address }).first('id');
    const place = user ? await placeOf(db, user.id, slug) : undefined;
    const id = newId();
    const browser = randomToken();
    await db('sign_ins').where({ address }).where('expires_at', '>', db.fn.now()).update({ expires_at: db.fn.now() });
    await db('sign_ins').insert({
      id,
      user_id: place ? user.id : null,
      address,
      browser_hash: hashOf(browser),
      link_hash: hashOf(linkToken(secret, id)),
      return_to,
      remote_ip,
      expires_at: db.raw(`now() + interval '${CODE_MINUTES} minutes'`),
    });
    if (place) {
      await setActor(db, systemActor(place.organization_id));
      const email = {
        ...place,
        kind: 'code' as const,
        activity_id: null,
        document_id: null,
        subject_id: id,
        to_address: address,
      };
      await queueEmail(db, email);
    }
    return browser;
  });
}

async function tooOften(db: Knex.Transaction, address: string, remote_ip: string): Promise<boolean> {
  const lately = db('sign_ins').where('created_at', '>', db.raw(`now() - interval '1 hour'`));
  const [byAddress, byIp] = await Promise.all([
    lately.clone().where({ address }).limit(PER_ADDRESS).select('id'),
    lately.clone().where({ remote_ip }).limit(PER_IP).select('id'),
  ]);
  return byAddress.length >= PER_ADDRESS || byIp.length >= PER_IP;
}

/** Where the user belongs: the organization that asked, or else the first. */
async function placeOf(
  db: Knex.Transaction,
  user_id: string,
  slug: string | null,
): Promise<{ organization_id: string; person_id: string } | undefined> {
  await db.raw(`select set_config('app.user', ?, true)`, [user_id]);
  return db('people as p')
    .join('organizations as o', 'o.id', 'p.organization_id')
    .where({ 'p.user_id': user_id, removed_at: null })
    .orderByRaw('o.slug = ? desc, p.id', [slug ?? ''])
    .first('p.organization_id', 'p.id as person_id');
}

export interface SignedIn {
  token: string;
  return_to: string;
}

/**
 * Ends a sign-in with the code, in the browser that asked for it. Null: wrong, too late, too often tried, or another
 * browser. A wrong try is counted before it is judged, so that many at once gain nothing.
 */
export function signInByCode(
  db: Knex,
  secret: string,
  browser: string,
  code: string,
  user_agent: string,
): Promise<SignedIn | null> {
  return db.transaction(async (db) => {
    const [row] = await db('sign_ins')
      .where({ browser_hash: hashOf(browser), code_used_at: null })
      .where('expires_at', '>', db.fn.now())
      .where('tries', '<', TRIES)
      .update({ tries: db.raw('tries + 1') })
      .returning(['id', 'user_id', 'return_to']);
    if (!row?.user_id || !same(code.replace(/\D/g, ''), sixDigits(secret, row.id))) return null;
    await db('sign_ins').where({ id: row.id }).update({ code_used_at: db.fn.now() });
    return { token: await openSession(db, row.user_id, user_agent), return_to: row.return_to };
  });
}

/**
 * Whom the emailed link would sign in; null if it has expired or was used. Changes nothing: mail scanners open links.
 */
export async function signInLinkOwner(db: Knex, token: string): Promise<{ address: string; return_to: string } | null> {
  const row = await db('sign_ins')
    .where({ link_hash: hashOf(token), link_used_at: null })
    .whereNotNull('user_id')
    .where('expires_at', '>', db.fn.now())
    .first('address', 'return_to');
  return row ?? null;
}

/** Ends a sign-in with the emailed link, once. The code goes on working, should a scanner have pressed the button. */
export function signInByLink(db: Knex, token: string, user_agent: string): Promise<SignedIn | null> {
  return db.transaction(async (db) => {
    const [row] = await db('sign_ins')
      .where({ link_hash: hashOf(token), link_used_at: null })
      .whereNotNull('user_id')
      .where('expires_at', '>', db.fn.now())
      .update({ link_used_at: db.fn.now() })
      .returning(['user_id', 'return_to']);
    return row ? { token: await openSession(db, row.user_id, user_agent), return_to: row.return_to } : null;
  });
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
