import type { Knex } from 'knex';
import type { Config } from '../config.js';
import { asPerson, become, clock, type PersonRow } from '../db/scope.js';
import { act } from '../documents/act.js';
import { HttpError } from '../errors.js';
import type { StoredFile } from '../files/storage.js';
import { ownMessageId } from '../mail/address.js';
import { bounced } from '../mail/bounces.js';
import type { ReadMail } from './reading/message.js';
import type { Thread } from './thread_of.js';

/** Where a delivery ends: exactly one of these, with the reason in words. */
export interface Decision {
  state: 'posted' | 'held' | 'refused' | 'ignored';
  reason: string;
  organization_id?: string | null;
  document_id?: string;
  person_id?: string;
  comment_id?: string;
}

const MOST_TEXT = 50_000;

/** What becomes of a message that was read: posted as the person whose reply address it came to, or why not. */
export async function decide(
  db: Knex.Transaction,
  mail: ReadMail,
  thread: Thread | null,
  files: StoredFile[],
  config: Config,
): Promise<Decision> {
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

/** The comment, through the one door, as the person whose reply address it was. */
async function say(
  db: Knex.Transaction,
  person: PersonRow,
  thread: Thread,
  text: string,
  carried: Parameters<typeof act>[5],
): Promise<Decision> {
  const { organization_id, document_id, audience } = thread;
  try {
    const done = await act(
      db,
      asPerson(person, [document_id]),
      document_id,
      'comment',
      { text, audience: audience === 'shared' ? 'shared' : 'internal' },
      carried,
    );
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
    const detail = `${bounce?.status ?? ''} ${bounce?.diagnostic ?? ''}`.trim();
    const report = { status: bounce?.status ?? null, detail, action: bounce?.action ?? '' };
    if (email) await bounced(db, email.organization_id, email.id, report);
  }
  return { state: 'ignored', reason: message_id ? 'A bounce; it is noted on the document.' : 'A bounce of a message that is not ours.' };
}

/** What staff see of a message without opening it. */
export const summary = (mail: ReadMail) => ({
  from_address: mail.from?.address ?? '',
  from_name: mail.from?.name ?? '',
  subject: mail.subject,
  preview: mail.reply.text.slice(0, 2000),
  message_header_id: mail.message_id.slice(0, 998),
});
