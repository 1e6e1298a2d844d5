import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { setActor, systemActor, withActor } from '../db/scope.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { queueAutoReply } from './deciding/auto_reply.js';
import { decide, type ThreadMatch, summary } from './deciding/decide.js';
import { type Decision, held } from './deciding/decision.js';
import { readReplyContext } from './deciding/reply_context.js';
import { findAnsweredEmail, organizationOfMail, threadByKey, threadOfEmail } from './deciding/thread.js';
import { MailRefused } from './reading/limits.js';
import type { MailContext, ReadMail } from './reading/message.js';
import { readMail } from './reading/worker/read_mail.js';

export interface InboundContext {
  db: Knex;
  storage: Storage;
  config: Config;
  /** The installation's: bounce addresses are made with it. */
  secret: string;
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
  source: string;
  answered?: MailContext['answered'];
}

/**
 * Reads one delivery and takes it to its end: posted through the same door as a click, held for staff, refused, or
 * ignored as automatic. The decision and what it changes are one transaction; running it again changes nothing.
 * @throws when DNS must be asked again later.
 */
export async function processDelivery(post: InboundContext, id: string): Promise<void> {
  const delivery = await pending(post.db, id);
  if (!delivery) return;
  if (delivery.tries >= CUT_OFF || !delivery.raw) return giveUp(post, delivery);
  try {
    await place(post, { ...delivery, answered: await known(post, delivery) });
  } catch (error) {
    if (delivery.tries < TRIES) throw error;
    await giveUp(post, delivery);
  }
}

/**
 * After so many tries staff look at it themselves: a message that can't be read must neither vanish nor be tried for
 * ever.
 */
const TRIES = 6;

/** So often may a process end in the middle of reading a message before it is taken for the reason. */
const CUT_OFF = 20;

const giveUp = (post: InboundContext, delivery: Delivery): Promise<void> =>
  withActor(post.db, systemActor(null), async (db) => {
    const thread = await threadByKey(db, delivery.recipient, post.config.mail_domain);
    await keep(db, post, delivery, null, { thread, email: undefined }, held('unreadable', UNREADABLE));
  });

const UNREADABLE = 'We could not read it. The original is kept as it came.';

async function place(post: InboundContext, delivery: Delivery): Promise<void> {
  const { mail, wrong } = await parsed(delivery, post);
  const files = mail && !mail.automatic ? await storeAttachments(mail, post.storage) : [];
  await withActor(post.db, systemActor(null), async (db) => {
    const waits = await db('inbound_deliveries').where({ id: delivery.id, state: 'pending' }).forUpdate().first('id');
    if (!waits) return;
    const pointing = await pointingOf(db, delivery, mail, post);
    const decision = mail ? await decide(db, mail, pointing, files, post.config) : held('unreadable', wrong);
    await keep(db, post, delivery, mail, pointing, decision);
  });
}

/** Writes down the decision, and lets the sender know where that is right. */
async function keep(
  db: Knex.Transaction,
  { config }: Pick<InboundContext, 'config'>,
  { id, recipient, mail_from }: Pick<Delivery, 'id' | 'recipient' | 'mail_from'>,
  mail: ReadMail | null,
  { thread, email }: ThreadMatch,
  decision: Decision,
): Promise<void> {
  const organization_id =
    thread?.organization_id ??
    email?.organization_id ??
    (await organizationOfMail(db, recipient, mail, config.mail_domain));
  await setActor(db, systemActor(null));
  const pointing = thread
    ? { document_id: thread.document_id, person_id: thread.person_id, audience: thread.audience }
    : {};
  // What partners say among themselves staff don't read here either.
  const unsaid = thread?.audience === 'partner' ? { subject: '', preview: '' } : {};
  const placed = organization_id ? decision : unplaced(decision);
  await db('inbound_deliveries')
    .where({ id, state: 'pending' })
    .update({
      ...(mail ? { ...summary(mail), ...unsaid } : {}),
      organization_id,
      ...pointing,
      ...placed,
    });
  if (mail && organization_id) await queueAutoReply(db, { id, organization_id, code: placed.code, mail_from }, mail);
}

/** The delivery with its bytes, if it still waits; counts the try. */
const pending = (db: Knex, id: string): Promise<Delivery | undefined> =>
  withActor(db, systemActor(null), async (db) => {
    const [, delivery] = await Promise.all([
      db('inbound_deliveries').where({ id, state: 'pending' }).increment('tries'),
      db('inbound_deliveries as d')
        .join('inbound_messages as m', 'm.id', 'd.message_id')
        .where({ 'd.id': id, state: 'pending' })
        .first('d.id', 'recipient', 'tries', 'raw', 'mail_from', 'remote_ip', 'helo', 'source'),
    ]);
    return delivery;
  });

// It helps, but nothing depends on it.
const known = ({ db, config }: InboundContext, { recipient }: Delivery) =>
  withActor(db, systemActor(null), (db) => readReplyContext(db, recipient, config.mail_domain)).catch(() => undefined);

const DNS_TRIES = 4;
const SLOW_TRIES = 2;

async function parsed(delivery: Delivery, post: InboundContext): Promise<{ mail: ReadMail | null; wrong: string }> {
  try {
    const mail = await readMail(delivery.raw, contextOf(delivery, post));
    if (mail.authentication.temporary && delivery.tries < DNS_TRIES)
      throw new Error('DNS did not answer; the sender is checked again later');
    return { mail, wrong: '' };
  } catch (error) {
    // A busy machine is slow, too: that alone is no verdict on a message.
    if (!(error instanceof MailRefused) || (error.code === 'too_slow' && delivery.tries < SLOW_TRIES)) throw error;
    return { mail: null, wrong: error.message };
  }
}

/** What is known of a message besides its bytes. */
const contextOf = (
  { recipient, source, remote_ip, helo, mail_from, answered }: Delivery,
  { dns, config }: Pick<InboundContext, 'dns' | 'config'>,
): MailContext => {
  // A server of ours that brought it says nothing of who sent it.
  const direct = remote_ip !== '' && !config.inbound_relays.includes(remote_ip);
  const from_where = { remote_ip: direct ? remote_ip : null, helo: direct ? helo || null : null };
  // Over SMTP anybody may have written the header of a server of ours; what another server took in for us bears its
  // own on top.
  const trust = source === 'smtp' && direct ? { ...config.mail_trust, authserv_id: null } : config.mail_trust;
  return { ...from_where, recipient, mail_from, dns, trust, answered };
};

const FILES = 50;

/** Puts the files of a message into storage: the first fifty. */
export const storeAttachments = (mail: ReadMail, storage: Storage): Promise<StoredFile[]> =>
  Promise.all(
    mail.attachments
      .slice(0, FILES)
      .map(({ content, filename, content_type }) => storage.put(content, filename, content_type)),
  );

async function pointingOf(
  db: Knex.Transaction,
  { recipient }: Delivery,
  mail: ReadMail | null,
  post: InboundContext,
): Promise<ThreadMatch> {
  const { secret, config } = post;
  const thread = await threadByKey(db, recipient, config.mail_domain);
  if (!mail || (thread && !mail.bounce)) return { thread, email: undefined };
  const email = await findAnsweredEmail(db, recipient, mail, { secret, mail_domain: config.mail_domain });
  return { thread: thread ?? (mail.bounce ? null : await threadOfEmail(db, email)), email };
}

// Nobody's: there is no staff who could decide, so nothing is held.
const unplaced = ({ state, code }: Decision): Decision => ({
  state: state === 'ignored' ? state : 'refused',
  code: state === 'ignored' ? code : 'nobody',
  reason: 'It was sent to an address that is nobody’s.',
});
