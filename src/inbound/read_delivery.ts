import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { systemActor, withActor } from '../db/scope.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { ownEmailsIn, readReplyContexts } from './deciding/reply_context.js';
import { type Thread, threadsByKey } from './deciding/thread.js';
import { MailRefused } from './reading/limits.js';
import type { ReadingContext, ReadMail } from './reading/message.js';
import { readMail } from './reading/worker/read_mail.js';
import { readMails } from './reading/worker/read_mails.js';

/** What inbound mail is processed with. */
export interface InboundContext {
  db: Knex;
  storage: Storage;
  config: Config;
  /** The installation's, with which bounce addresses are made. */
  secret: string;
  /** Where SPF, DKIM and DMARC are looked up: DNS, or the demo's zone. */
  dns: ReadingContext['dns'];
}

/** A message for one recipient, with its bytes. */
export interface Delivery {
  id: string;
  recipient: string;
  /** Counts this one. */
  tries: number;
  /** Null if they were deleted. */
  raw: Buffer | null;
  mail_from: string;
  remote_ip: string;
  helo: string;
  source: string;
  /** It may harm others that are read with it. */
  alone: boolean;
}

/** A message, or why it can't be read. `thread`: of its reply address; undefined: not looked up. */
export type ReadResult = { thread: Thread | null | undefined } & (
  { mail: ReadMail; refused?: never } | { mail: null; refused: MailRefused }
);

const DNS_TRIES = 4;
const SLOW_TRIES = 2;

/** A delivery that is being read. The promise is rejected if it should be read later. */
export interface Reading {
  delivery: Delivery;
  result: Promise<ReadResult>;
}

/** Begins to read deliveries, together unless one must be read alone. */
export async function readDeliveries(context: InboundContext, deliveries: readonly Delivery[]): Promise<Reading[]> {
  if (deliveries.length === 0) return [];
  const threads = await threadsOf(context, deliveries);
  const messages = deliveries.map((delivery) => ({
    raw: delivery.raw ?? Buffer.alloc(0),
    context: readingContext(context, delivery, threads?.get(delivery.id)?.answered),
  }));
  const mails = deliveries.some(({ alone }) => alone)
    ? messages.map(({ raw, context }) => readMail(raw, context))
    : readMails(messages);
  return deliveries.map((delivery, i) => {
    const thread = threads && (threads.get(delivery.id)?.thread ?? null);
    const result = resultOf(delivery, thread, mails[i] ?? Promise.reject(new Error('It was not read.')));
    result.catch(() => {}); // it may fail before somebody waits for it
    return { delivery, result };
  });
}

async function resultOf(
  { tries }: Delivery,
  thread: ReadResult['thread'],
  reading: Promise<ReadMail>,
): Promise<ReadResult> {
  try {
    const mail = await reading;
    if (mail.authentication.temporary && tries < DNS_TRIES)
      throw new Error('DNS did not answer; the sender is checked again later');
    return { mail, thread };
  } catch (error) {
    // The first timeout may be due to a busy machine.
    if (!(error instanceof MailRefused) || (error.code === 'too_slow' && tries < SLOW_TRIES)) throw error;
    return { mail: null, thread, refused: error };
  }
}

type Answered = ReadingContext['answered'];

/** By delivery. Helpful, but not required: undefined if the database can't tell now. */
const threadsOf = (
  { db, config }: InboundContext,
  deliveries: readonly Delivery[],
): Promise<Map<string, { thread: Thread | null; answered: Answered }> | undefined> =>
  withActor(db, systemActor(null), async (db) => {
    const recipients = deliveries.map(({ recipient }) => recipient);
    const byKey = await threadsByKey(db, recipients, config.mail_domain);
    const messages = deliveries.map(({ id, recipient, raw }) => {
      return { id, thread: byKey.get(recipient) ?? null, named: ownEmailsIn(raw, config.mail_domain) };
    });
    const contexts = await readReplyContexts(db, messages);
    return new Map(messages.map(({ id, thread }) => [id, { thread, answered: contexts.get(id) }]));
  }).catch(() => undefined);

/** What is known about a message besides its bytes. */
function readingContext(
  { config, dns }: InboundContext,
  { recipient, source, remote_ip, helo, mail_from }: Delivery,
  answered: Answered,
): ReadingContext {
  // The address of a relay of ours says nothing about the sender.
  const direct = remote_ip !== '' && !config.inbound_relays.includes(remote_ip);
  const origin = { remote_ip: direct ? remote_ip : null, helo: direct ? helo || null : null };
  // Over SMTP anyone can forge our own server's header; a message from another server has that server's on top.
  const trust = source === 'smtp' && direct ? { ...config.mail_trust, authserv_id: null } : config.mail_trust;
  return { ...origin, recipient, mail_from, dns, trust, answered };
}

const MAX_FILES = 50;

/** Puts a message's attachments into storage, up to fifty. */
export const storeAttachments = (mail: ReadMail, storage: Storage): Promise<StoredFile[]> =>
  Promise.all(
    mail.attachments
      .slice(0, MAX_FILES)
      .map(({ content, filename, content_type }) => storage.put(content, filename, content_type)),
  );
