import type { Request } from 'express';
import type { Knex } from 'knex';
import { hashOf } from '../../db/secrets.js';
import { NOBODY } from '../identify.js';
import { openSession } from '../sessions.js';
import { type Browser, logSignIn } from '../sign_in/security_log.js';
import { CredentialStrategy } from './credential_strategy.js';

const usable = (db: Knex, token: string) =>
  db('sign_ins')
    .where({ link_hash: hashOf(token), link_used_at: null })
    .whereNotNull('user_id')
    .where('expires_at', '>', db.fn.now());

/** Returns who the link would sign in; null if it expired or was used. Read-only, since mail scanners open links. */
export const signInLinkOwner = async (
  db: Knex,
  token: string,
): Promise<{ address: string; return_to: string } | null> =>
  (await usable(db, token).first('address', 'return_to')) ?? null;

/**
 * Strategy `emailed-link`: the sign-in email's link, confirmed with a button on its page. Works once, and opens a
 * session in the same transaction. The code stays valid in case a mail scanner pressed the button.
 */
export const emailedLink = (db: Knex, credential: (req: Request) => { token: string } & Browser) =>
  new CredentialStrategy('emailed-link', (req) => {
    const { token, ...browser } = credential(req);
    return db.transaction(async (db) => {
      const [row] = await usable(db, token).update({ link_used_at: db.fn.now() }).returning(['user_id', 'return_to']);
      if (!row) return null;
      const session = await openSession(db, row.user_id, browser.user_agent);
      await logSignIn(db, row.user_id, browser);
      return { user: { ...NOBODY, user_id: row.user_id }, info: { token: session, return_to: row.return_to } };
    });
  });
