import type { ImapFlow, SearchObject } from 'imapflow';
import type { Knex } from 'knex';
import { systemActor, withActor } from '../../../db/scope.js';

/** How far a mailbox has been read. */
interface Cursor {
  uidvalidity: number;
  last_uid: number;
  read_at: Date;
}

const readCursor = (db: Knex, name: string): Promise<Cursor | undefined> =>
  withActor(db, systemActor(null), (db) =>
    db('imap_mailboxes').where({ name }).first('uidvalidity', 'last_uid', 'read_at'),
  );

/** Records that all messages up to `last_uid` are stored. */
export const advanceCursor = (db: Knex, name: string, uidvalidity: number, last_uid: number): Promise<void> =>
  withActor(db, systemActor(null), async (db) => {
    const cursor = { uidvalidity, last_uid, read_at: db.fn.now() };
    await db('imap_mailboxes')
      .insert({ name, ...cursor })
      .onConflict('name')
      .merge(cursor);
  });

/** The UIDs of new messages; `resumed` if they simply follow the last one read. */
export async function findNew(
  db: Knex,
  client: ImapFlow,
  name: string,
  uidvalidity: number,
): Promise<{ uids: number[]; resumed: boolean }> {
  const cursor = await readCursor(db, name);
  if (cursor?.uidvalidity !== uidvalidity) return { uids: await unreadOrRecent(client, cursor), resumed: false };
  // "n:*" matches the last message even if its UID is lower than n.
  const uids = await search(client, { uid: `${cursor.last_uid + 1}:*` });
  return { uids: uids.filter((uid) => uid > cursor.last_uid), resumed: true };
}

async function search(client: ImapFlow, query: SearchObject): Promise<number[]> {
  const uids = await client.search(query, { uid: true });
  if (!uids) throw new Error('The mail server did not answer what is new');
  return uids;
}

const OVERLAP_MS = 7 * 86_400_000;

/** At first all unseen messages. If the server has renumbered them (UIDVALIDITY), also those since the last time. */
async function unreadOrRecent(client: ImapFlow, cursor: Cursor | undefined): Promise<number[]> {
  const unseen = await search(client, { seen: false });
  const recent = cursor ? await search(client, { since: new Date(cursor.read_at.getTime() - OVERLAP_MS) }) : [];
  return [...new Set([...unseen, ...recent])];
}
