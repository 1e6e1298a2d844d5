import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { membershipsOf } from './members.js';
import { type Browser, logSecurityEvent, queueAlert } from './security_log.js';

/** How long a wrong code counts, and how many for one address are let through in that time: one in 20,000 is hit. */
const [DAYS, MOST] = [7, 50];

/** After so many wrong codes in a day the owner of the address is told. */
const ALERTS = new Set([5, 20, MOST]);

/** For how long wrong codes are kept. */
export const WRONG_CODE_DAYS = DAYS;

/** What was typed; each kind is counted for itself, so that none ends the others. */
type TypedKind = 'code' | 'password' | 'second_step';

const LOGGED = {
  code: ['wrong_code', 'codes_stopped'],
  password: ['wrong_password', 'passwords_stopped'],
  second_step: ['wrong_second_step', 'second_steps_stopped'],
} as const;

interface TypedFor {
  address: string;
  user_id: string | null;
}

/** Whether codes count no more for an address: so many wrong ones were typed that somebody guesses. Links still do. */
export async function areCodesStopped(db: Knex, address: string, kind: TypedKind = 'code'): Promise<boolean> {
  return (await countSince(db, address, kind, DAYS)) >= MOST;
}

/** Guesses for one address wait for one another, so that each is counted. */
export const lockGuesses = (db: Knex.Transaction, address: string) =>
  db.raw('select pg_advisory_xact_lock(hashtext(?))', [`guess ${address}`]);

/** Counts what was typed wrongly, writes it to the security logs of its owner's organizations, perhaps tells the owner. */
export async function recordWrongCode(
  db: Knex.Transaction,
  { address, user_id }: TypedFor,
  browser: Browser,
  kind: TypedKind = 'code',
): Promise<void> {
  const id = newId();
  await db('wrong_codes').insert({ id, address, kind, remote_ip: browser.remote_ip });
  const [of_day, of_days] = [await countSince(db, address, kind, 1), await countSince(db, address, kind, DAYS)];
  const [wrong, stopped] = LOGGED[kind];
  const members = await membershipsOf(db, user_id);
  for (const member of members) {
    await logSecurityEvent(db, member, wrong, browser);
    if (of_days === MOST) await logSecurityEvent(db, member, stopped, browser);
  }
  const [member] = members;
  if (member && (ALERTS.has(of_day) || of_days === MOST)) await queueAlert(db, { ...member, email: address }, id);
}

async function countSince(db: Knex, address: string, kind: TypedKind, days: number): Promise<number> {
  const recent = db('wrong_codes')
    .where({ address, kind })
    .where('created_at', '>', db.raw('now() - make_interval(days => ?)', [days]))
    .limit(MOST);
  return (await recent.select('id')).length;
}
