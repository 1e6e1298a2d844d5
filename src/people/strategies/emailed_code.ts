import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Knex } from 'knex';
import { hashOf, sixDigits } from '../../db/secrets.js';
import { NOBODY } from '../identify.js';
import { openSession } from '../sessions.js';
import { CredentialStrategy } from './credential_strategy.js';

const MAX_TRIES = 10;

interface TypedCode {
  /** The secret of the browser that asked for the code: only it may type it. */
  sign_in: string | null;
  code: string;
  user_agent: string;
}

/**
 * Strategy `emailed-code`: six digits, in the browser that asked for them. It opens a session in the same transaction.
 * Fails if the code is wrong, too late, tried too often, or typed in another browser. A try is counted before it is
 * judged, so that many at the same time gain nothing.
 */
export const emailedCode = (db: Knex, secret: string, credential: (req: Request) => TypedCode) =>
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
      if (!row?.user_id || !isEqual(code.replace(/\D/g, ''), sixDigits(secret, row.id))) return null;
      await db('sign_ins').where({ id: row.id }).update({ code_used_at: db.fn.now() });
      const token = await openSession(db, row.user_id, user_agent);
      return { user: { ...NOBODY, user_id: row.user_id }, info: { token, return_to: row.return_to } };
    });
  });

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
