import type { FetchMessageObject, ImapFlow, SearchObject } from 'imapflow';
import type { MailIntake } from '../recipients.js';
import type { Account } from './account.js';
import { acceptFetched, acceptOutline, type MessageOutline } from './accept_message.js';
import { advanceCursor, type Cursor, readCursor } from './cursor.js';
import { Rejection } from '../rejection.js';

/** One mailbox, open. `tries` counts how often a message could not be kept, by UID. */
export interface OpenMailbox {
  client: ImapFlow;
  account: Account;
  door: MailIntake;
  tries: Map<number, number>;
  signal: AbortSignal;
}

/** Messages are fetched together up to so many bytes, and so many messages. */
const TOGETHER = { bytes: 4 * 2 ** 20, messages: 50 };

/**
 * Keeps all that is new in the mailbox, oldest first. A message is marked as seen, and passed, only once it is
 * committed: whatever happens in between, it is fetched again, and kept once. @throws when the server or the database
 * is away
 */
export async function syncMailbox(open: OpenMailbox): Promise<void> {
  const { client, account, door, signal } = open;
  const { uidvalidity, next } = stateOf(client);
  const place = await readCursor(door.db, account.name);
  const known = place?.uidvalidity === uidvalidity ? place : undefined;
  const uids = known ? await after(client, known.last_uid) : await window(client, place);
  for (const group of await groups(client, uids)) {
    if (signal.aborted) return;
    await keepGroup(open, group);
    const last = group.at(-1)?.uid;
    if (known && last) await advanceCursor(door.db, account.name, uidvalidity, last);
  }
  // A window has gaps: it is passed as a whole, or read again.
  if (!known) await advanceCursor(door.db, account.name, uidvalidity, next - 1);
}

function stateOf({ mailbox }: ImapFlow) {
  if (!mailbox) throw new Error('The mailbox is closed');
  return { uidvalidity: Number(mailbox.uidValidity), next: mailbox.uidNext || 1 };
}

// "n:*" names the last message, even if it is before n.
const after = async (client: ImapFlow, last: number): Promise<number[]> =>
  (await searched(client, { uid: `${last + 1}:*` })).filter((uid) => uid > last);

async function searched(client: ImapFlow, wanted: SearchObject): Promise<number[]> {
  const uids = await client.search(wanted, { uid: true });
  if (!uids) throw new Error('The mail server did not answer what is new');
  return uids;
}

const WINDOW_MS = 7 * 86_400_000;

/**
 * At the first time what nobody has seen. When the server has numbered its messages anew (UIDVALIDITY), also all that
 * came about since we were here last.
 */
async function window(client: ImapFlow, place: Cursor | undefined): Promise<number[]> {
  const unseen = await searched(client, { seen: false });
  const since = place ? await searched(client, { since: new Date(place.read_at.getTime() - WINDOW_MS) }) : [];
  return [...new Set([...unseen, ...since])];
}

interface Sized {
  uid: number;
  size: number;
}

/** The messages in the order of their numbers, with their sizes, in groups that can be fetched at once. */
async function groups(client: ImapFlow, uids: number[]): Promise<Sized[][]> {
  const sorted = uids.toSorted((a, b) => a - b);
  const found: Sized[] = [];
  for (let at = 0; at < sorted.length; at += 500) {
    const sized = await client.fetchAll(sorted.slice(at, at + 500), { uid: true, size: true }, { uid: true });
    found.push(...sized.map(({ uid, size = 0 }) => ({ uid, size })));
  }
  const all: Sized[][] = [];
  let bytes = 0;
  for (const message of found.toSorted((a, b) => a.uid - b.uid)) {
    const group = all.at(-1);
    bytes += message.size;
    if (group && bytes <= TOGETHER.bytes && group.length < TOGETHER.messages) group.push(message);
    else [bytes] = [message.size, all.push([message])];
  }
  return all;
}

async function keepGroup(open: OpenMailbox, group: Sized[]): Promise<void> {
  const { client, door } = open;
  const most = door.config.max_message_bytes;
  const sources = await fetched(open, group);
  const kept: number[] = [];
  try {
    for (const { uid, size } of group) {
      const raw = sources.get(uid);
      if (size > most)
        await outlined(open, uid, `It has ${Math.round(size / 2 ** 20)} MB, which is too much to be taken in.`);
      else if (raw) await keepOne(open, uid, raw);
      else await outlined(open, uid, 'The mail server could not give it.');
      kept.push(uid);
    }
  } finally {
    if (kept.length > 0 && client.usable) await client.messageFlagsAdd(kept, ['\\Seen'], { uid: true });
  }
}

/** The messages that are not too large, by UID. One that the server can't give hides no other. */
async function fetched({ client, door }: OpenMailbox, group: Sized[]): Promise<Map<number, Buffer>> {
  const uids = group.filter(({ size }) => size <= door.config.max_message_bytes).map(({ uid }) => uid);
  const get = (some: number[]) =>
    some.length > 0 ? client.fetchAll(some, { uid: true, source: true }, { uid: true }) : [];
  const found: FetchMessageObject[] = [];
  try {
    found.push(...(await get(uids)));
  } catch (error) {
    if (!client.usable) throw error;
    for (const uid of uids) found.push(...(await oneOrNone(client, () => get([uid]))));
  }
  return new Map(found.flatMap(({ uid, source }) => (source ? [[uid, source]] : [])));
}

async function oneOrNone<T>(client: ImapFlow, get: () => Promise<T[]> | T[]): Promise<T[]> {
  try {
    return await get();
  } catch (error) {
    if (!client.usable) throw error;
    return [];
  }
}

const TRIES = 3;

/**
 * Keeps a message, or that it could not be kept: what fails again and again, while others are kept, is at fault
 * itself.
 */
async function keepOne(open: OpenMailbox, uid: number, raw: Buffer): Promise<void> {
  const { door, account, tries } = open;
  try {
    await acceptFetched(door, account, raw);
  } catch (error) {
    const tried = (tries.get(uid) ?? 0) + 1;
    const passing = !(error instanceof Rejection) || error.later;
    if (passing) await door.db.raw('select 1');
    tries.set(uid, tried);
    if (passing && tried < TRIES) throw error;
    door.log.error({ err: error, mailbox: account.name, uid }, 'a message of a mailbox could not be kept');
    await outlined(open, uid, 'We could not take it in.');
  }
  tries.delete(uid);
}

/** A message whose header alone is kept. One that is gone by now needs nothing. */
async function outlined({ client, door, account }: OpenMailbox, uid: number, reason: string): Promise<void> {
  const found = await client.fetchOne(String(uid), { uid: true, envelope: true, headers: true }, { uid: true });
  if (!found) return;
  const [from] = found.envelope?.from ?? [];
  const outline: MessageOutline = {
    header: found.headers ?? Buffer.from(`Subject: (message ${uid})\r\n\r\n`),
    from_address: plain(from?.address),
    from_name: plain(from?.name),
    subject: plain(found.envelope?.subject),
  };
  await acceptOutline(door, account, outline, `${reason} It is still in the mailbox ${account.name}.`);
}

const plain = (text: string | undefined) => (text ?? '').replace(/\p{Cc}+/gu, ' ').slice(0, 1000);
