import type { Request } from 'express';
import type { Knex } from 'knex';
import { hashOf } from '../../db/secrets.js';
import { NOBODY } from '../identify.js';
import { proceed, type SigningBrowser } from '../sign_in/complete_sign_in.js';
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
export const emailedLink = (db: Knex, credential: (req: Request) => { token: string } & SigningBrowser) =>
  new CredentialStrategy('emailed-link', (req) => {
    const { token, ...browser } = credential(req);
    return db.transaction(async (db) => {
      const [row] = await usable(db, token).update({ link_used_at: db.fn.now() }).returning(['user_id', 'return_to']);
      if (!row) return null;
      const { user_id, return_to } = row;
      const info = await proceed(db, { user_id, way: 'link', return_to }, browser);
      return { user: { ...NOBODY, user_id }, info };
    });
  });
