import type { Knex } from 'knex';
import { clock, scoped } from '../../../db/scope.js';

/** How far a mailbox was read. */
export interface Place {
  uidvalidity: number;
  last_uid: number;
  read_at: Date;
}

export const placeIn = (db: Knex, name: string): Promise<Place | undefined> =>
  scoped(db, clock(null), (db) => db('imap_mailboxes').where({ name }).first('uidvalidity', 'last_uid', 'read_at'));

/** Remembers that all up to `last_uid` is kept. Only after it is. */
export const moveOn = (db: Knex, name: string, uidvalidity: number, last_uid: number): Promise<void> =>
  scoped(db, clock(null), async (db) => {
    const place = { uidvalidity, last_uid, read_at: db.fn.now() };
    await db('imap_mailboxes')
      .insert({ name, ...place })
      .onConflict('name')
      .merge(place);
  });
