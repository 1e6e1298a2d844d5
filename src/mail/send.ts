import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { clock, scoped } from '../db/scope.js';
import { type Action, typeNamed } from '../document_types/index.js';
import { bounced } from './bounces.js';
import { composeAnswer } from './answer.js';
import { composeCode } from './code.js';
import { composeEvent, type Place } from './compose.js';
import { linkFor, replyKeyFor } from './keys.js';
import { isOptional } from './optional.js';
import { type Letter, readLetter } from './letter.js';
import type { Email } from './queue.js';
import { statusIn } from './status.js';
import { standingOf, whySuppressed } from './strikes.js';
import type { Transport } from './transport.js';

export interface Post extends Place {
  secret: string;
  transport: Transport;
  /** The PDF of a document's version, for an attachment. */
  pdf(organization_id: string, document_id: string, version: number, locale: string): Promise<{ filename: string; content: Buffer }>;
  /** The signed PDF of a version; null if nobody signed it. */
  signed(organization_id: string, document_id: string, version: number): Promise<{ filename: string; content: Buffer } | null>;
}

/**
 * Sends one email: looks again whether it should still go, sends it outside any transaction, and notes what the server said. A crash in between
 * sends it once more, with the same Message-ID. @throws when the server could not be reached or said "later" (4xx): the job tries again.
 */
export async function sendEmail(db: Knex, post: Post, organization_id: string, email_id: string): Promise<void> {
  const made = await scoped(db, clock(organization_id), (db) => prepare(db, post, organization_id, email_id));
  if (!made) return;
  try {
    const { response } = await post.transport.send(await made());
    await mark(db, organization_id, email_id, { state: 'accepted', detail: response, accepted_at: db.fn.now() });
  } catch (error) {
    if (!isFinal(error)) {
      await mark(db, organization_id, email_id, { detail: words(error) });
      throw error;
    }
    await refused(db, organization_id, email_id, words(error));
  }
}

type Making = () => Promise<SendMailOptions>;

async function prepare(db: Knex.Transaction, post: Post, organization_id: string, id: string): Promise<Making | null> {
  const [email]: (Email | undefined)[] = await db('emails')
    .where({ organization_id, id, state: 'queued' })
    .increment('tries')
    .returning('*');
  if (!email) return null;
  const message = await composed(db, post, email);
  if (typeof message === 'function') return message;
  if (message && typeof message === 'object') return async () => message;
  await db('emails')
    .where({ organization_id, id })
    .update({ state: 'skipped', detail: message ?? 'It came too late to be of use.' });
  return null;
}

function composed(
  db: Knex.Transaction,
  post: Post,
  { organization_id, id, kind }: Email,
): Promise<Making | SendMailOptions | string | null> {
  if (kind === 'event') return event(db, post, organization_id, id);
  if (kind === 'answer') return composeAnswer(db, organization_id, id, post);
  return composeCode(db, organization_id, id, post.secret, post);
}

/** How the message is made, or, as a sentence, why it need not be sent any more. */
async function event(db: Knex.Transaction, post: Post, organization_id: string, id: string): Promise<Making | string> {
  const letter = await readLetter(db, organization_id, id);
  if (!letter) return 'What it was about is gone.';
  const action = typeNamed(letter.document.type).actions[letter.activity.action];
  if (letter.reader.removed_at) return 'The person is no contact any more.';
  if (letter.read_at && !action?.attaches) return 'It was read in the portal first.';
  if (letter.document.state === 'void' && action?.attaches) return 'The document was voided first.';
  const suppressed = whySuppressed(await standingOf(db, organization_id, letter.reader.id), isOptional(letter.activity.action));
  if (suppressed) return suppressed;
  const thread = { organization_id, document_id: letter.document.id, person_id: letter.reader.id };
  const own = letter.reader.partner_id ? 'partner' : 'staff';
  const [reply, link] = await Promise.all([
    replyKeyFor(db, post.secret, thread, letter.activity.visible_to === 'both' ? 'shared' : own),
    linkFor(db, post.secret, letter.email, thread),
  ]);
  return async () => composeEvent(letter, { link, reply }, post, await attachments(post, letter, action?.attaches));
}

async function attachments(post: Post, { organization, document, reader, activity }: Letter, attaches: Action['attaches']) {
  if (!attaches || activity.version === 0) return [];
  const signed = activity.details['signature'] ? await post.signed(organization.id, document.id, activity.version) : null;
  if (signed) return [{ ...signed, contentType: 'application/pdf' }];
  if (!reader.partner_id) return [];
  const { filename, content } = await post.pdf(organization.id, document.id, activity.version, reader.locale);
  return [{ filename, content, contentType: 'application/pdf' }];
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 500);

// RFC 5321 §4.2.1: 5xx to a recipient or a message is for good. A server that refuses us (its greeting, a login, our sender) is ours to mend,
// and is tried again.
const isFinal = (error: unknown) =>
  error instanceof Error &&
  'responseCode' in error &&
  Number(error.responseCode) >= 500 &&
  'command' in error &&
  ['RCPT TO', 'DATA'].includes(String(error.command));

// A report that it came back may have been quicker.
const mark = (db: Knex, organization_id: string, id: string, fields: object) =>
  scoped(db, clock(organization_id), (db) => db('emails').where({ organization_id, id, state: 'queued' }).update(fields));

const refused = (db: Knex, organization_id: string, id: string, detail: string) =>
  scoped(db, clock(organization_id), (db) => bounced(db, organization_id, id, { status: statusIn(detail), detail, action: 'failed' }));
