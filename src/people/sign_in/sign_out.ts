import type { Knex } from 'knex';
import { hashOf } from '../../db/secrets.js';
import { closeSessions } from '../sessions.js';
import { type Browser, logOfUser } from './security_log.js';

/** Signs a browser out, and logs it: for every copy of its cookie, and the live pages it has open. */
export const signOut = (db: Knex, token: string, browser: Browser): Promise<void> =>
  db.transaction(async (db) => {
    const session = db('sessions').where({ token_hash: hashOf(token) });
    const found: { user_id: string } | undefined = await session.clone().forUpdate().first('user_id');
    if (!found) return;
    await closeSessions(db, session);
    await logOfUser(db, found.user_id, { action: 'signed_out' }, browser);
  });
