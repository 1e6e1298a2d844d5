import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Knex } from 'knex';
import { hashOf, sixDigits } from '../../db/secrets.js';
import { NOBODY } from '../identify.js';
import { openSession } from '../sessions.js';
import { type Browser, logSignIn } from '../sign_in/security_log.js';
import { areCodesStopped, lockGuesses, recordWrongCode } from '../sign_in/wrong_codes.js';
import { CredentialStrategy } from './credential_strategy.js';

const MAX_TRIES = 10;

interface TypedCode extends Browser {
  /** The secret of the browser that requested the code: the code works nowhere else. */
  sign_in: string | null;
  code: string;
}

/**
 * Strategy `emailed-code`: six digits, entered in a browser that requested them. Opens a session in the same
 * transaction. Fails if the code is wrong, expired, tried too often or too soon, or entered in another browser. Attempts
 * are counted before the code is compared, so that concurrent guesses don't get around the limit.
 */
export const emailedCode = (db: Knex, secrets: readonly string[], credential: (req: Request) => TypedCode) =>
  new CredentialStrategy('emailed-code', async (req) => {
    const { sign_in, code, ...browser } = credential(req);
    if (!sign_in) return null;
    return db.transaction(async (db) => {
      const row = await countTry(db, sign_in);
      if (!row) return null;
      await lockGuesses(db, row.address);
      if (await areCodesStopped(db, row.address)) return null;
      const typed = code.replace(/\D/g, '');
      if (!row.user_id || !secrets.some((secret) => isEqual(typed, sixDigits(secret, row.id)))) {
        await recordWrongCode(db, row, browser);
        return null;
      }
      const used = { id: row.id, code_used_at: null };
      if (!(await db('sign_ins').where(used).update({ code_used_at: db.fn.now() }))) return null;
      const token = await openSession(db, row.user_id, browser.user_agent, { by_code: true });
      await logSignIn(db, row.user_id, browser);
      return { user: { ...NOBODY, user_id: row.user_id }, info: { token, return_to: row.return_to } };
    });
  });

interface Tried {
  id: string;
  user_id: string | null;
  address: string;
  return_to: string;
}

// After the third wrong code the browser has to wait, each time twice as long.
const TRY = `update sign_in_browsers b
    set tries = tries + 1, next_try_at = now() + make_interval(secs => case when tries < 3 then 0 else 2 ^ (tries - 2) end)
  from sign_ins s
  where b.browser_hash = ? and s.id = b.sign_in_id and s.code_used_at is null and s.expires_at > now()
    and b.tries < ${MAX_TRIES} and b.next_try_at <= now()
  returning s.id, s.user_id, s.address, b.return_to`;

async function countTry(db: Knex.Transaction, sign_in: string): Promise<Tried | undefined> {
  const { rows } = await db.raw<{ rows: Tried[] }>(TRY, [hashOf(sign_in)]);
  return rows[0];
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Why a code was not taken, if not because it is wrong: the browser has to wait, or codes count no more. */
export async function whyNotTaken(db: Knex, sign_in: string | null): Promise<'stopped' | { wait: number } | null> {
  if (!sign_in) return null;
  const row: { address: string; tries: number; wait: number } | undefined = await db('sign_in_browsers as b')
    .join('sign_ins as s', 's.id', 'b.sign_in_id')
    .where({ browser_hash: hashOf(sign_in) })
    .first('s.address', 'b.tries', db.raw('ceil(extract(epoch from next_try_at - now()))::int as wait'));
  if (!row) return null;
  if (await areCodesStopped(db, row.address)) return 'stopped';
  return row.wait > 0 && row.tries < MAX_TRIES ? { wait: row.wait } : null;
}
