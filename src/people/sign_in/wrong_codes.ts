import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { setActor, systemActor } from '../../db/scope.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { membershipsOf } from './members.js';
import { type Browser, logSecurityEvent } from './security_log.js';

/** How long a wrong code counts, and how many for one address are let through in that time: one in 20,000 is hit. */
const [DAYS, MOST] = [7, 50];

/** After so many wrong codes in a day the owner of the address is told. */
const ALERTS = new Set([5, 20, MOST]);

/** For how long wrong codes are kept. */
export const WRONG_CODE_DAYS = DAYS;

interface TypedFor {
  address: string;
  user_id: string | null;
}

/** Whether codes count no more for an address: so many wrong ones were typed that somebody guesses. Links still do. */
export async function areCodesStopped(db: Knex, address: string): Promise<boolean> {
  return (await countSince(db, address, DAYS)) >= MOST;
}

/** Guesses for one address wait for one another, so that each is counted. */
export const lockGuesses = (db: Knex.Transaction, address: string) =>
  db.raw('select pg_advisory_xact_lock(hashtext(?))', [`guess ${address}`]);

/** Counts a wrong code, writes it to the security logs of its owner's organizations, and perhaps tells the owner. */
export async function recordWrongCode(
  db: Knex.Transaction,
  { address, user_id }: TypedFor,
  browser: Browser,
): Promise<void> {
  const id = newId();
  await db('wrong_codes').insert({ id, address, remote_ip: browser.remote_ip });
  const [of_day, of_days] = [await countSince(db, address, 1), await countSince(db, address, DAYS)];
  const members = await membershipsOf(db, user_id);
  for (const member of members) {
    await logSecurityEvent(db, member, 'wrong_code', browser);
    if (of_days === MOST) await logSecurityEvent(db, member, 'codes_stopped', browser);
  }
  const [member] = members;
  if (!member || !(ALERTS.has(of_day) || of_days === MOST)) return;
  const { organization_id, person_id } = member;
  await setActor(db, systemActor(organization_id));
  const about = { activity_id: null, subject_id: null, cause_id: id, to_address: address };
  await queueEmail(db, { organization_id, person_id, kind: 'alert', ...about });
}

async function countSince(db: Knex, address: string, days: number): Promise<number> {
  const recent = db('wrong_codes')
    .where({ address })
    .where('created_at', '>', db.raw('now() - make_interval(days => ?)', [days]))
    .limit(MOST);
  return (await recent.select('id')).length;
}
