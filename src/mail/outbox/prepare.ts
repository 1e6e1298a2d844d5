import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { addJob } from '../../db/jobs.js';
import { type Action, typeNamed } from '../../document_types/index.js';
import { isAddress } from '../address.js';
import { attachmentsOf } from './attachments.js';
import { composeHeldNotice } from '../messages/held_notice.js';
import { composeCode } from '../messages/code.js';
import { composeEvent } from '../messages/compose.js';
import { issueLink, issueReplyKey } from '../links/issue_keys.js';
import { type EventEmail, readEventEmail } from '../messages/event_email.js';
import { isOptional } from '../suppression/optional.js';
import { reserveSlot } from './throttle.js';
import type { MailContext } from './mail_context.js';
import type { Email } from './queue.js';
import { isMuted } from '../suppression/mute.js';
import { readDeliverability, whySuppressed } from '../suppression/suppression.js';
import { composeTestMessage } from '../messages/test_message.js';
import { mergeIntoLater, lockThread, absorbEarlier, countWaitingBefore } from './digest.js';

/** How a message is made, once its transaction has ended. */
export type Composer = () => Promise<SendMailOptions>;

/** What becomes of an email now: it is made and sent, it waits, or it need not go, for this reason. */
type Fate = Composer | { until: Date } | string;

/** Looks whether an email should still go; counts the try. Null: not, or not yet. */
export async function prepare(
  db: Knex.Transaction,
  post: MailContext,
  organization_id: string,
  id: string,
): Promise<Composer | null> {
  const [, [email]]: [unknown, (Email | undefined)[]] = await Promise.all([
    lockThread(db, organization_id, id),
    db('emails').where({ organization_id, id, state: 'queued' }).increment('tries').returning('*'),
  ]);
  if (!email) return null;
  const fate = isAddress(email.to_address)
    ? await fateOf(db, post, email)
    : 'This is no address that mail can be sent to.';
  if (typeof fate === 'function') return fate;
  if (typeof fate === 'string')
    await db('emails').where({ organization_id, id, state: 'queued' }).update({ state: 'skipped', detail: fate });
  else await wait(db, email, fate.until);
  return null;
}

const COMPOSED = { code: composeCode, answer: composeHeldNotice, test: composeTestMessage } as const;

async function fateOf(db: Knex.Transaction, post: MailContext, email: Email): Promise<Fate> {
  if (email.kind === 'event') return event(db, post, email);
  const message = await COMPOSED[email.kind](db, email.organization_id, email.id, post);
  return message ? async () => message : 'It came too late to be of use.';
}

async function event(db: Knex.Transaction, post: MailContext, email: Email): Promise<Fate> {
  const { organization_id, id } = email;
  const eventEmail = await readEventEmail(db, organization_id, id);
  if (!eventEmail) return 'What it was about is gone.';
  const action = typeNamed(eventEmail.document.type).actions[eventEmail.activity.action];
  const needless = await whyNeedless(db, eventEmail, action);
  if (needless) return needless;
  // Of what waits its turn only the last about a document goes on waiting, and tells of the others.
  const until = await turnOf(db, post, eventEmail);
  const later = until && !action?.attaches ? await mergeIntoLater(db, eventEmail) : null;
  if (later) return later;
  const more = await absorbEarlier(db, eventEmail);
  if (until) return { until };
  const whole = more ? ((await readEventEmail(db, organization_id, id)) ?? eventEmail) : eventEmail;
  const thread = { organization_id, document_id: eventEmail.document.id, person_id: eventEmail.reader.id };
  const own = eventEmail.reader.partner_id ? 'partner' : 'staff';
  const [reply, link] = await Promise.all([
    issueReplyKey(db, post.secret, thread, eventEmail.activity.visible_to === 'both' ? 'shared' : own),
    issueLink(db, post.secret, eventEmail.email, thread),
  ]);
  return async () => composeEvent(whole, { link, reply }, post, await attachmentsOf(post, whole, action?.attaches));
}

/** Why the email need not be sent any more, as a sentence; null if it should. */
async function whyNeedless(
  db: Knex.Transaction,
  eventEmail: EventEmail,
  action: Action | undefined,
): Promise<string | null> {
  const { organization, document, reader, activity } = eventEmail;
  if (reader.removed_at) return 'The person is no contact any more.';
  if (eventEmail.read_at && !action?.attaches) return 'It was read in the portal first.';
  if (document.state === 'void' && action?.attaches) return 'The document was voided first.';
  const optional = isOptional(activity.action);
  if (optional && (await isMuted(db, organization.id, document.id, reader.id)))
    return 'They asked for no more mail like this about it.';
  return whySuppressed(await readDeliverability(db, organization.id, reader.id), optional);
}

async function turnOf(
  db: Knex.Transaction,
  { pace }: MailContext,
  { organization, reader, email }: EventEmail,
): Promise<Date | null> {
  if (!pace) return null;
  const domain = email.to_address.slice(email.to_address.lastIndexOf('@') + 1).toLowerCase();
  return reserveSlot(db, pace, {
    person_id: reader.id,
    domain,
    before: () => countWaitingBefore(db, organization.id, reader.id, email.id),
  });
}

/** Its turn comes later: no try of it, and no fault of anybody's. */
async function wait(db: Knex.Transaction, { organization_id, id }: Email, until: Date): Promise<void> {
  const postponed_at = db.raw('coalesce(postponed_at, now())');
  await db('emails')
    .where({ organization_id, id })
    .update({ postponed_at, tries: db.raw('tries - 1') });
  await addJob(db, 'send_email', { organization_id, email_id: id }, { run_at: until });
}
