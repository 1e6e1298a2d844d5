import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { type Actor, become, clock, scoped } from '../db/scope.js';
import { act } from '../documents/act.js';
import { HttpError } from '../errors.js';
import type { Storage, StoredFile } from '../files/storage.js';
import { bounced } from '../mail/send.js';
import { ownMessageId } from '../mail/address.js';
import { MailRefused } from './limits.js';
import type { MailContext, ReadMail } from './message.js';
import { readMail } from './parse.js';
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

/** Where a delivery ends: exactly one of these, with the reason in words. */
interface Decision {
  state: 'posted' | 'held' | 'refused' | 'ignored';
  reason: string;
  organization_id?: string | null;
  document_id?: string;
  person_id?: string;
  comment_id?: string;
}

/**
 * Reads one delivery and takes it to its end: posted through the same door as a click, held for staff, refused, or ignored as automatic.
 * The decision and what it changes are one transaction; running it again changes nothing. @throws when DNS must be asked again later.
 */
export async function readDelivery(post: Post, id: string): Promise<void> {
  const delivery = await pending(post.db, id);
  if (!delivery) return;
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

const MOST_TEXT = 50_000;

async function decide(db: Knex.Transaction, mail: ReadMail, thread: Thread | null, files: StoredFile[], config: Config): Promise<Decision> {
  if (mail.bounce) return returned(db, mail, config);
  if (mail.automatic) return { state: 'ignored', reason: mail.automatic };
  if (!mail.from) return { state: 'held', reason: mail.from_problem ?? 'It does not say who sent it.' };
  if (!thread) return { state: 'held', reason: 'It answers nothing that was sent from here.' };
  await become(db, clock(thread.organization_id));
  const person = await db('people').where({ organization_id: thread.organization_id, id: thread.person_id }).first();
  if (person.removed_at) return { state: 'held', reason: `${person.name} is no contact any more.` };
  if (mail.from.address !== person.email)
    return { state: 'held', reason: `It came from ${mail.from.address}, but answers a message to ${person.name} <${person.email}>.` };
  const { verified, evidence } = mail.authentication;
  if (!verified && !person.partner_id)
    return { state: 'held', reason: `It says it is from ${person.name}, but nothing proves it (${evidence}).` };
  const text = mail.reply.text.slice(0, MOST_TEXT);
  if (!text.trim() && files.length === 0) return { state: 'held', reason: 'It says nothing new.' };
  if (await saidBefore(db, thread, mail)) return { state: 'ignored', reason: 'It came to several addresses here, and was posted once.' };
  const trimmed = [mail.reply.text.slice(MOST_TEXT), mail.reply.trimmed].filter(Boolean).join('\n').slice(0, 500_000);
  return say(db, person, thread, text, { files, mail: { trimmed, verified, evidence } });
}

/** Whether the same message has said the same here already: it had a second address of ours among its recipients. */
async function saidBefore(db: Knex.Transaction, { organization_id, document_id, person_id, audience }: Thread, mail: ReadMail) {
  const { message_header_id, preview } = summary(mail);
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [message_header_id]);
  const same = db('inbound_deliveries as d')
    .join('comments as c', (on) => on.on('c.organization_id', 'd.organization_id').on('c.id', 'd.comment_id'))
    .where({ 'd.organization_id': organization_id, 'd.document_id': document_id, 'd.person_id': person_id, audience })
    .where({ message_header_id, preview });
  return Boolean(await same.first('d.id'));
}

type Person = Record<'id' | 'user_id' | 'name' | 'email' | 'locale' | 'time_zone', string> & { partner_id: string | null };

/** The comment, through the one door, as the person whose reply address it was. */
async function say(
  db: Knex.Transaction,
  person: Person,
  thread: Thread,
  text: string,
  carried: Parameters<typeof act>[5],
): Promise<Decision> {
  const { organization_id, document_id, audience } = thread;
  const { id: person_id, user_id, partner_id, name, email, locale, time_zone } = person;
  const side = partner_id ? 'partner' : 'staff';
  const actor: Actor = {
    organization_id,
    side,
    person_id,
    user_id,
    partner_id,
    name,
    email,
    locale,
    time_zone,
    assurance: 'link',
    document_ids: [document_id],
  };
  try {
    const done = await act(db, actor, document_id, 'comment', { text, audience: audience === 'shared' ? 'shared' : 'internal' }, carried);
    await become(db, clock(organization_id));
    const comment = await db('comments').where({ organization_id, activity_id: done.activity_id }).first('id');
    return { state: 'posted', reason: carried?.mail?.verified ? 'Posted.' : 'Posted as unverified.', comment_id: comment.id };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { state: 'held', reason: error.message };
  }
}

/** A bounce counts only if it names a message of ours: its Message-ID can't be guessed. */
async function returned(db: Knex.Transaction, { bounce }: ReadMail, { mail_domain }: Config): Promise<Decision> {
  const message_id = ownMessageId(bounce?.message_id ?? '', mail_domain);
  if (message_id) {
    await db.raw(`select set_config('app.secrets', ?, true)`, [`{${message_id}}`]);
    const email = await db('emails').where({ message_id }).first('organization_id', 'id');
    const final = bounce?.action === 'failed';
    if (email && final) await bounced(db, email.organization_id, email.id, `${bounce?.status ?? ''} ${bounce?.diagnostic ?? ''}`.trim());
  }
  return { state: 'ignored', reason: message_id ? 'A bounce; it is noted on the document.' : 'A bounce of a message that is not ours.' };
}

const summary = (mail: ReadMail) => ({
  ...{ from_address: mail.from?.address ?? '', from_name: mail.from?.name ?? '', subject: mail.subject },
  ...{ preview: mail.reply.text.slice(0, 2000), message_header_id: mail.message_id.slice(0, 998) },
});

const pointing = (thread: Thread | null) => (thread ? { document_id: thread.document_id, person_id: thread.person_id } : {});

// Nobody's: there is no staff who could decide, so nothing is held.
const unplaced = ({ state }: Decision): Decision => ({
  state: state === 'ignored' ? state : 'refused',
  reason: 'It was sent to an address that is nobody’s.',
});
