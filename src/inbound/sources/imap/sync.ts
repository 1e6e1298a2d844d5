import type { FetchMessageObject, ImapFlow } from 'imapflow';
import type { MailIntake } from '../recipients.js';
import { Rejection } from '../rejection.js';
import { acceptFetched, acceptOutline } from './accept_message.js';
import type { Account } from './account.js';
import { advanceCursor, findNew } from './cursor.js';

/** An open mailbox. `tries` counts failed attempts to store a message, by UID. */
export interface OpenMailbox {
  client: ImapFlow;
  account: Account;
  intake: MailIntake;
  tries: Map<number, number>;
  signal: AbortSignal;
}

/** How much is fetched in one batch. */
const BATCH = { bytes: 4 * 2 ** 20, messages: 50 };

/**
 * Stores all new messages of a mailbox, oldest first. A message is marked as seen, and the cursor moved past it, only
 * once it is committed; after a failure in between it is fetched again, and stored once.
 * @throws if the server or the database is unavailable
 */
export async function syncMailbox(mailbox: OpenMailbox): Promise<void> {
  const { client, account, intake, signal } = mailbox;
  const { uidvalidity, next } = statusOf(client);
  const { uids, resumed } = await findNew(intake.db, client, account.name, uidvalidity);
  for (const batch of await batches(client, uids)) {
    if (signal.aborted) return;
    await storeBatch(mailbox, batch);
    const last = batch.at(-1)?.uid;
    if (resumed && last) await advanceCursor(intake.db, account.name, uidvalidity, last);
  }
  // Search results have gaps, so the cursor only moves once all of them are stored.
  if (!resumed) await advanceCursor(intake.db, account.name, uidvalidity, next - 1);
}

function statusOf({ mailbox }: ImapFlow) {
  if (!mailbox) throw new Error('The mailbox is closed');
  return { uidvalidity: Number(mailbox.uidValidity), next: mailbox.uidNext || 1 };
}

interface SizedMessage {
  uid: number;
  size: number;
}

/** The messages in order of UID with their sizes, in batches. */
async function batches(client: ImapFlow, uids: number[]): Promise<SizedMessage[][]> {
  const sorted = uids.toSorted((a, b) => a - b);
  const messages: SizedMessage[] = [];
  for (let at = 0; at < sorted.length; at += 500) {
    const found = await client.fetchAll(sorted.slice(at, at + 500), { uid: true, size: true }, { uid: true });
    messages.push(...found.map(({ uid, size = 0 }) => ({ uid, size })));
  }
  const all: SizedMessage[][] = [];
  let bytes = 0;
  for (const message of messages.toSorted((a, b) => a.uid - b.uid)) {
    const batch = all.at(-1);
    bytes += message.size;
    if (batch && bytes <= BATCH.bytes && batch.length < BATCH.messages) batch.push(message);
    else [bytes] = [message.size, all.push([message])];
  }
  return all;
}

async function storeBatch(mailbox: OpenMailbox, batch: SizedMessage[]): Promise<void> {
  const { client, intake } = mailbox;
  const sources = await fetchSources(mailbox, batch);
  const stored: number[] = [];
  try {
    for (const { uid, size } of batch) {
      const raw = sources.get(uid);
      if (size > intake.config.max_message_bytes)
        await storeOutline(mailbox, uid, `It has ${Math.round(size / 2 ** 20)} MB, which is too much to be taken in.`);
      else if (raw) await storeOne(mailbox, uid, raw);
      else await storeOutline(mailbox, uid, 'The mail server could not give it.');
      stored.push(uid);
    }
  } finally {
    if (stored.length > 0 && client.usable) await client.messageFlagsAdd(stored, ['\\Seen'], { uid: true });
  }
}

/** The messages that aren't too large, by UID. If the batch fails, each is fetched alone to skip the broken ones. */
async function fetchSources({ client, intake }: OpenMailbox, batch: SizedMessage[]): Promise<Map<number, Buffer>> {
  const uids = batch.filter(({ size }) => size <= intake.config.max_message_bytes).map(({ uid }) => uid);
  const fetch = (some: number[]) =>
    some.length > 0 ? client.fetchAll(some, { uid: true, source: true }, { uid: true }) : [];
  const found: FetchMessageObject[] = [];
  try {
    found.push(...(await fetch(uids)));
  } catch (error) {
    if (!client.usable) throw error;
    for (const uid of uids) found.push(...(await orNone(client, () => fetch([uid]))));
  }
  return new Map(found.flatMap(({ uid, source }) => (source ? [[uid, source]] : [])));
}

/** [] if fetching fails although the connection is still usable. */
async function orNone<T>(client: ImapFlow, fetch: () => Promise<T[]> | T[]): Promise<T[]> {
  try {
    return await fetch();
  } catch (error) {
    if (!client.usable) throw error;
    return [];
  }
}

const MAX_TRIES = 3;

/** Stores a message; one that keeps failing while the database works is stored as an outline. */
async function storeOne(mailbox: OpenMailbox, uid: number, raw: Buffer): Promise<void> {
  const { intake, account, tries } = mailbox;
  try {
    await acceptFetched(intake, account, raw);
  } catch (error) {
    const tried = (tries.get(uid) ?? 0) + 1;
    const temporary = !(error instanceof Rejection) || error.later;
    if (temporary) await intake.db.raw('select 1');
    tries.set(uid, tried);
    if (temporary && tried < MAX_TRIES) throw error;
    intake.log.error({ err: error, mailbox: account.name, uid }, 'a message of a mailbox could not be kept');
    await storeOutline(mailbox, uid, 'We could not take it in.');
  }
  tries.delete(uid);
}

/** Stores only a message's header, unless it has been deleted meanwhile. */
async function storeOutline({ client, intake, account }: OpenMailbox, uid: number, reason: string): Promise<void> {
  const found = await client.fetchOne(String(uid), { uid: true, envelope: true, headers: true }, { uid: true });
  if (!found) return;
  const [from] = found.envelope?.from ?? [];
  const outline = {
    header: found.headers ?? Buffer.from(`Subject: (message ${uid})\r\n\r\n`),
    from_address: plain(from?.address),
    from_name: plain(from?.name),
    subject: plain(found.envelope?.subject),
  };
  await acceptOutline(intake, account, outline, `${reason} It is still in the mailbox ${account.name}.`);
}

const plain = (text: string | undefined) => (text ?? '').replace(/\p{Cc}+/gu, ' ').slice(0, 1000);
