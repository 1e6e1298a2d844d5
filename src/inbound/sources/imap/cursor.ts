import type { Knex } from 'knex';
import { systemActor, withActor } from '../../../db/scope.js';

/** How far a mailbox was read. */
export interface Cursor {
  uidvalidity: number;
  last_uid: number;
  read_at: Date;
}

export const readCursor = (db: Knex, name: string): Promise<Cursor | undefined> =>
  withActor(db, systemActor(null), (db) =>
    db('imap_mailboxes').where({ name }).first('uidvalidity', 'last_uid', 'read_at'),
  );

/** Remembers that all up to `last_uid` is kept. Only after it is. */
export const advanceCursor = (db: Knex, name: string, uidvalidity: number, last_uid: number): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    const place = { uidvalidity, last_uid, read_at: db.fn.now() };
    await db('imap_mailboxes')
      .insert({ name, ...place })
      .onConflict('name')
      .merge(place);
  });
