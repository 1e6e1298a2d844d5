import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Knex } from 'knex';
import { hashOf, sixDigits } from '../../db/secrets.js';
import { NOBODY } from '../identify.js';
import { openSession } from '../sessions.js';
import { CredentialStrategy } from './credential_strategy.js';

const MAX_TRIES = 10;

interface TypedCode {
  /** The secret of the browser that requested the code: the code works nowhere else. */
  sign_in: string | null;
  code: string;
  user_agent: string;
}

/**
 * Strategy `emailed-code`: six digits, entered in the browser that requested them. Opens a session in the same
 * transaction. Fails if the code is wrong, expired, tried too often, or entered in another browser. Attempts are
 * counted before the code is compared, so that concurrent guesses don't get around the limit.
 */
export const emailedCode = (db: Knex, secrets: readonly string[], credential: (req: Request) => TypedCode) =>
  new CredentialStrategy('emailed-code', async (req) => {
    const { sign_in, code, user_agent } = credential(req);
    if (!sign_in) return null;
    return db.transaction(async (db) => {
      const [row] = await db('sign_ins')
        .where({ browser_hash: hashOf(sign_in), code_used_at: null })
        .where('expires_at', '>', db.fn.now())
        .where('tries', '<', MAX_TRIES)
        .update({ tries: db.raw('tries + 1') })
        .returning(['id', 'user_id', 'return_to']);
      const typed = code.replace(/\D/g, '');
      if (!row?.user_id || !secrets.some((secret) => isEqual(typed, sixDigits(secret, row.id)))) return null;
      await db('sign_ins').where({ id: row.id }).update({ code_used_at: db.fn.now() });
      const token = await openSession(db, row.user_id, user_agent);
      return { user: { ...NOBODY, user_id: row.user_id }, info: { token, return_to: row.return_to } };
    });
  });

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
