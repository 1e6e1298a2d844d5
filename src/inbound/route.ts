import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { become, clock, scoped } from '../db/scope.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { type Decision, decide, summary } from './decide.js';
import { MailRefused } from './reading/limits.js';
import type { MailContext, ReadMail } from './reading/message.js';
import { readMail } from './reading/parse.js';
import { organizationAt, type Thread, threadByKey, threadByReferences } from './thread_of.js';

export interface Post {
  db: Knex;
  storage: Storage;
  config: Config;
  /** Who may send for which domain: what DNS says, or the demo's own zone. */
  dns: MailContext['dns'];
}

interface Delivery {
  id: string;
  recipient: string;
  tries: number;
  raw: Buffer;
  mail_from: string;
  remote_ip: string;
  helo: string;
}

/**
 * Reads one delivery and takes it to its end: posted through the same door as a click, held for staff, refused, or ignored as automatic.
 * The decision and what it changes are one transaction; running it again changes nothing. @throws when DNS must be asked again later.
 */
export async function readDelivery(post: Post, id: string): Promise<void> {
  const delivery = await pending(post.db, id);
  if (!delivery) return;
  try {
    await place(post, delivery);
  } catch (error) {
    if (delivery.tries < TRIES) throw error;
    await giveUp(post, delivery);
  }
}

/** After so many tries staff look at it themselves: a message that can't be read must neither vanish nor be tried for ever. */
const TRIES = 6;

const giveUp = ({ db, config }: Post, { id, recipient }: Delivery): Promise<void> =>
  scoped(db, clock(null), async (db) => {
    const thread = await threadByKey(db, recipient, config.mail_domain);
    const organization_id = thread?.organization_id ?? (await organizationAt(db, recipient, config.mail_domain));
    const decision: Decision = { state: 'held', reason: 'We could not read it. The original is kept as it came.' };
    await become(db, clock(null));
    await db('inbound_deliveries')
      .where({ id, state: 'pending' })
      .update({ organization_id, ...pointing(thread), ...(organization_id ? decision : unplaced(decision)) });
  });

async function place(post: Post, delivery: Delivery): Promise<void> {
  const { id } = delivery;
  const { mail, wrong } = await parsed(delivery, post.dns);
  const files = mail && !mail.automatic ? await store(mail, post.storage) : [];
  await scoped(post.db, clock(null), async (db) => {
    const held = await db('inbound_deliveries').where({ id, state: 'pending' }).forUpdate().first('id');
    if (!held) return;
    const thread = await threadOf(db, delivery, mail, post.config);
    const organization_id = thread?.organization_id ?? (await organizationAt(db, delivery.recipient, post.config.mail_domain));
    const decision = mail ? await decide(db, mail, thread, files, post.config) : { state: 'held' as const, reason: wrong };
    await become(db, clock(null));
    await db('inbound_deliveries')
      .where({ id })
      .update({
        ...(mail ? summary(mail) : {}),
        organization_id,
        ...pointing(thread),
        ...(organization_id ? decision : unplaced(decision)),
      });
  });
}

/** The delivery with its bytes, if it still waits; counts the try. */
const pending = (db: Knex, id: string): Promise<Delivery | undefined> =>
  scoped(db, clock(null), async (db) => {
    const [, delivery] = await Promise.all([
      db('inbound_deliveries').where({ id, state: 'pending' }).increment('tries'),
      db('inbound_deliveries as d')
        .join('inbound_messages as m', 'm.id', 'd.message_id')
        .where({ 'd.id': id, state: 'pending' })
        .first('d.id', 'recipient', 'tries', 'raw', 'mail_from', 'remote_ip', 'helo'),
    ]);
    return delivery;
  });

const DNS_TRIES = 4;

async function parsed({ raw, tries, ...context }: Delivery, dns: MailContext['dns']): Promise<{ mail: ReadMail | null; wrong: string }> {
  try {
    const mail = await readMail(raw, { ...context, dns });
    if (mail.authentication.temporary && tries < DNS_TRIES) throw new Error('DNS did not answer; the sender is checked again later');
    return { mail, wrong: '' };
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    return { mail: null, wrong: error.message };
  }
}

const FILES = 50;

const store = (mail: ReadMail, storage: Storage): Promise<StoredFile[]> =>
  Promise.all(mail.attachments.slice(0, FILES).map(({ content, filename, content_type }) => storage.put(content, filename, content_type)));

async function threadOf(
  db: Knex.Transaction,
  { recipient }: Delivery,
  mail: ReadMail | null,
  { mail_domain }: Config,
): Promise<Thread | null> {
  const byKey = await threadByKey(db, recipient, mail_domain);
  if (byKey || !mail) return byKey;
  const answered = [mail.in_reply_to ?? '', ...mail.references.toReversed()];
  return threadByReferences(db, answered, mail_domain);
}

const pointing = (thread: Thread | null) => (thread ? { document_id: thread.document_id, person_id: thread.person_id } : {});

// Nobody's: there is no staff who could decide, so nothing is held.
const unplaced = ({ state }: Decision): Decision => ({
  state: state === 'ignored' ? state : 'refused',
  reason: 'It was sent to an address that is nobody’s.',
});
