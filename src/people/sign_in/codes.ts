import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { setActor, systemActor } from '../../db/scope.js';
import { hashOf, linkToken, randomToken } from '../../db/secrets.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { type Member, membershipsOf } from './members.js';

const CODE_MINUTES = 15;

/** So many emails to one address leave at once; each further one within the hour waits twice as long as the last. */
const PROMPT_EMAILS = 5;
const MOST_MINUTES = 16;

interface SignInRequest {
  /** In its canonical form. */
  address: string;
  /** The slug of the organization whose page was open, if any: it sends the email. */
  slug: string | null;
  return_to: string;
  /** The secret that the same browser got before: it waits for one code at a time. */
  browser: string | null;
}

/**
 * Starts a sign-in: emails a code and a link to the address if it has an account. Returns the browser's secret: the
 * code works only in browsers that asked for it. Whoever else asked for the address keeps theirs. Unknown addresses get
 * the same response, so that nobody can probe for accounts.
 */
export function beginSignIn(db: Knex, secret: string, request: SignInRequest): Promise<string> {
  const { address, slug, return_to } = request;
  return db.transaction(async (db) => {
    await db.raw('select pg_advisory_xact_lock(hashtext(?))', [address]);
    const user = await db('users').where({ email: address }).first<{ id: string } | undefined>('id');
    const member = await memberFor(db, user?.id ?? null, slug);
    const sign_in = await openSignIn(db, secret, { address, return_to, user_id: member ? (user?.id ?? null) : null });
    const browser = randomToken();
    if (request.browser)
      await db('sign_in_browsers')
        .where({ browser_hash: hashOf(request.browser) })
        .delete();
    await db('sign_in_browsers').insert({ browser_hash: hashOf(browser), sign_in_id: sign_in.id, return_to });
    const due = await nextEmail(db, sign_in, address);
    if (due && member) await emailCode(db, member, address, sign_in.id, due);
    return browser;
  });
}

interface SignIn {
  id: string;
  /** When its last email is due; null before the first. */
  emailed_at: Date | null;
}

/** The sign-in that other browsers wait for, or else a new one. */
async function openSignIn(
  db: Knex.Transaction,
  secret: string,
  fields: { address: string; return_to: string; user_id: string | null },
): Promise<SignIn> {
  const open: SignIn | undefined = await db('sign_ins')
    .where({ address: fields.address, user_id: fields.user_id, code_used_at: null, link_used_at: null })
    .where('created_at', '>', db.raw(`now() - interval '1 hour'`))
    .where('expires_at', '>', db.fn.now())
    .first('id', 'emailed_at');
  if (open) return open;
  const id = newId();
  await db('sign_ins').insert({ ...fields, id, link_hash: hashOf(linkToken(secret, id)), expires_at: db.fn.now() });
  return { id, emailed_at: null };
}

/** Plans a sign-in's next email, and lets it expire after that. Returns when it is due; null if one is on its way. */
async function nextEmail(db: Knex.Transaction, { id, emailed_at }: SignIn, address: string): Promise<Date | null> {
  const now = Date.now();
  if (emailed_at && emailed_at.getTime() > now) return null;
  const recent = await db('sign_ins')
    .where({ address, code_used_at: null, link_used_at: null })
    .where('created_at', '>', db.raw(`now() - interval '1 hour'`))
    .select<{ emails: number; emailed_at: Date | null }[]>('emails', 'emailed_at');
  const sent = recent.reduce((sum, { emails }) => sum + emails, 0);
  const last = Math.max(...recent.map((one) => one.emailed_at?.getTime() ?? 0));
  const wait = sent < PROMPT_EMAILS ? 0 : Math.min(2 ** (sent - PROMPT_EMAILS), MOST_MINUTES);
  const due = new Date(Math.max(now, last + wait * 60_000));
  const expires_at = new Date(due.getTime() + CODE_MINUTES * 60_000);
  await db('sign_ins')
    .where({ id })
    .update({ emails: db.raw('emails + 1'), emailed_at: due, expires_at });
  return due;
}

async function emailCode(
  db: Knex.Transaction,
  { organization_id, person_id }: Member,
  to_address: string,
  cause_id: string,
  due: Date,
): Promise<void> {
  await setActor(db, systemActor(organization_id));
  const run_at = due.getTime() > Date.now() ? due : null;
  await queueEmail(
    db,
    { organization_id, person_id, kind: 'code', activity_id: null, subject_id: null, cause_id, to_address },
    run_at,
  );
}

/** A user's membership in the organization of `slug`, or else their first one. */
async function memberFor(db: Knex.Transaction, user_id: string | null, slug: string | null) {
  const members = await membershipsOf(db, user_id);
  return members.find((member) => member.slug === slug) ?? members[0];
}

/** Ends the codes and links that were asked for before. */
export const endSignInsBefore = (db: Knex.Transaction, time: Date): Promise<number> =>
  db('sign_ins')
    .where('created_at', '<', time)
    .where('expires_at', '>', db.fn.now())
    .update({ expires_at: db.fn.now() });
