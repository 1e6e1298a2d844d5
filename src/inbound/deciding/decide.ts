import type { Knex } from 'knex';
import type { Config } from '../../config.js';
import { findCommentId } from '../../conversation/comments.js';
import { asPerson, setActor, systemActor, type PersonRow } from '../../db/scope.js';
import { act } from '../../documents/act.js';
import { HttpError } from '../../errors.js';
import type { StoredFile } from '../../files/storage.js';
import { ownMessageId } from '../../mail/address.js';
import { clearBouncesOfSender } from '../../mail/suppression/suppression.js';
import type { ReadMail } from '../reading/message.js';
import { type Decision, held, ignored } from './decision.js';
import { isMailLoop } from './loops.js';
import { decideBounced } from './bounced.js';
import { findAuthor } from './author.js';
import type { OwnEmail, Thread } from './thread.js';

/** Where a message points: to a thread, if to any, and to the email of ours that it answers or reports on. */
export interface ThreadMatch {
  thread: Thread | null;
  email: OwnEmail | undefined;
}

/** What becomes of a message that was read: posted as the person whose reply address it came to, or why not. */
export async function decide(
  db: Knex.Transaction,
  mail: ReadMail,
  { thread, email }: ThreadMatch,
  files: StoredFile[],
  { mail_domain }: Config,
): Promise<Decision> {
  if (mail.bounce) return decideBounced(db, mail.bounce, email);
  if (isOurs(mail, mail_domain)) return ignored('own', 'It is a message of our own that came back.');
  if (mail.automatic) return ignored('automatic', mail.automatic);
  if (!mail.from) return held('malformed', mail.from_problem ?? 'It does not say who sent it.');
  if (!thread) return held('new', 'It answers nothing that was sent from here.');
  await setActor(db, systemActor(thread.organization_id));
  const [speaker, circles, before] = await Promise.all([
    findAuthor(db, thread, mail.from, mail.authentication),
    isMailLoop(db, thread),
    saidBefore(db, thread, mail),
  ]);
  if ('code' in speaker) return speaker;
  const text = saidIn(mail);
  if (!text.trim() && files.length === 0) return held('empty', 'It says nothing new.');
  if (before === 'same') return ignored('twice', 'It came to several addresses here, and was posted once.');
  if (circles)
    return held(
      'loop',
      'So many answers went back and forth within the hour that two machines may be talking. Nothing more is sent.',
    );
  return say(db, speaker, thread, mail, text, files, before === 'other');
}

const MOST_TEXT = 50_000;

/** What the sender newly wrote; where the HTML and the text of a message say different things, both. */
function saidIn({ reply }: ReadMail): string {
  const both = reply.otherwise
    ? `${reply.text}\n\nIn the plain text of the same email:\n\n${reply.otherwise}`
    : reply.text;
  return both.slice(0, MOST_TEXT);
}

const isOurs = (mail: ReadMail, mail_domain: string) =>
  ownMessageId(mail.message_id, mail_domain) !== null || mail.from?.address.endsWith(`@${mail_domain}`) === true;

/**
 * Whether a message with this Message-ID has said something here already: the `same`, when it had a second address of
 * ours among its recipients, or something `other`, which is rare and worth a word to staff. Of what partners say
 * among themselves no words are kept to compare.
 */
async function saidBefore(
  db: Knex.Transaction,
  { organization_id, document_id, person_id, audience }: Thread,
  mail: ReadMail,
): Promise<'same' | 'other' | null> {
  const { message_header_id, preview } = summary(mail);
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [message_header_id]);
  const said: { preview: string }[] = await db('inbound_deliveries as d')
    .join('comments as c', (on) => on.on('c.organization_id', 'd.organization_id').on('c.id', 'd.comment_id'))
    .where({
      'd.organization_id': organization_id,
      'd.document_id': document_id,
      'd.person_id': person_id,
      'c.audience': audience,
    })
    .where({ message_header_id })
    .limit(20)
    .select('preview');
  if (said.length === 0) return null;
  return said.some((one) => audience === 'partner' || one.preview === preview) ? 'same' : 'other';
}

/** The comment, through the one door, as the person whose reply address it was. */
async function say(
  db: Knex.Transaction,
  person: PersonRow,
  { organization_id, document_id, audience }: Thread,
  mail: ReadMail,
  text: string,
  files: StoredFile[],
  doubtful: boolean,
): Promise<Decision> {
  const { verified, evidence } = mail.authentication;
  const attachments = { files, mail: { trimmed: trimmedOf(mail), verified, evidence, notices: mailNotices(mail) } };
  try {
    const input = { text, audience: audience === 'shared' ? 'shared' : 'internal' };
    const done = await act(db, asPerson(person, [document_id]), document_id, 'comment', input, attachments);
    await setActor(db, systemActor(organization_id));
    if (verified) await clearBouncesOfSender(db, person);
    const comment_id = await findCommentId(db, organization_id, done.activity_id);
    const reason = verified ? 'Posted.' : 'Posted as unverified: nothing proves its sender.';
    const doubt = doubtful ? ' Another message with the same Message-ID said something else.' : '';
    return { state: 'posted', code: 'posted', reason: reason + doubt, ...(comment_id ? { comment_id } : {}) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return held('closed', error.message);
  }
}

/** What was taken off, to be shown on request. */
export const trimmedOf = (mail: ReadMail) =>
  [mail.reply.text.slice(MOST_TEXT), mail.reply.trimmed].filter(Boolean).join('\n').slice(0, 500_000);

/** What readers should know besides what it says: what was left out, and the invitation in it. */
export function mailNotices({ notices, event }: ReadMail): string {
  const invitation =
    event && [event.summary, event.start?.at.replace('T', ' '), event.place].filter(Boolean).join(', ');
  return [...notices, ...(invitation ? [`Invitation: ${invitation}`] : [])].join('\n').slice(0, 2000);
}

/** What staff see of a message without opening it. */
export const summary = (mail: ReadMail) => ({
  from_address: mail.from?.address ?? '',
  from_name: mail.from?.name ?? '',
  subject: mail.subject,
  preview: mail.reply.text.slice(0, 2000),
  message_header_id: mail.message_id.slice(0, 998),
  verified: mail.authentication.verified,
  evidence: mail.authentication.evidence,
});
