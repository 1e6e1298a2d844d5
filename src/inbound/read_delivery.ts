import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { systemActor, withActor } from '../db/scope.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { readReplyContext } from './deciding/reply_context.js';
import { MailRefused } from './reading/limits.js';
import type { ReadingContext, ReadMail } from './reading/message.js';
import { readMail } from './reading/worker/read_mail.js';

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
  tries: number;
  raw: Buffer;
  mail_from: string;
  remote_ip: string;
  helo: string;
  source: string;
}

const DNS_TRIES = 4;
const SLOW_TRIES = 2;

/** Reads a message; null with a `problem` if it can't be read. @throws if reading it should be retried later */
export async function readDelivery(
  context: InboundContext,
  delivery: Delivery,
): Promise<{ mail: ReadMail | null; problem: string }> {
  const { tries, raw } = delivery;
  try {
    const mail = await readMail(raw, await mailContext(context, delivery));
    if (mail.authentication.temporary && tries < DNS_TRIES)
      throw new Error('DNS did not answer; the sender is checked again later');
    return { mail, problem: '' };
  } catch (error) {
    // The first timeout may be due to a busy machine.
    if (!(error instanceof MailRefused) || (error.code === 'too_slow' && tries < SLOW_TRIES)) throw error;
    return { mail: null, problem: error.message };
  }
}

/** What is known about a message besides its bytes. */
async function mailContext(
  { db, config, dns }: InboundContext,
  { recipient, source, remote_ip, helo, mail_from }: Delivery,
): Promise<ReadingContext> {
  // The address of a relay of ours says nothing about the sender.
  const direct = remote_ip !== '' && !config.inbound_relays.includes(remote_ip);
  const origin = { remote_ip: direct ? remote_ip : null, helo: direct ? helo || null : null };
  // Over SMTP anyone can forge our own server's header; a message from another server has that server's on top.
  const trust = source === 'smtp' && direct ? { ...config.mail_trust, authserv_id: null } : config.mail_trust;
  // Helpful, but not required.
  const answered = await withActor(db, systemActor(null), (db) =>
    readReplyContext(db, recipient, config.mail_domain),
  ).catch(() => undefined);
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
