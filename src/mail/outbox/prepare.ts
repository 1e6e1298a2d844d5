import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { addJob } from '../../db/jobs.js';
import type { SubjectAction } from '../../document_types/index.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { isAddress } from '../address.js';
import { issueLink, issueReplyKey } from '../links/issue_keys.js';
import { composeCode, composeTestMessage } from '../messages/account_messages.js';
import { composeEvent } from '../messages/compose.js';
import { type EventEmail, readEventEmail } from '../messages/event_email.js';
import { composeHeldNotice } from '../messages/held_notice.js';
import { isMuted } from '../suppression/mute.js';
import { isOptional, readDeliverability, whySuppressed } from '../suppression/suppression.js';
import { mergeIntoLater, lockThread, absorbEarlier, countWaitingBefore } from './digest.js';
import type { Email } from './queue.js';
import { reserveSlot } from './throttle.js';
import type { MailContext } from './transport.js';

/** Composes a message after the transaction has ended. */
type Composer = () => Promise<SendMailOptions>;

/** What to do with an email: send it, postpone it, or skip it for the given reason. */
type Outcome = Composer | { until: Date } | string;

/** Decides whether an email should still be sent, and counts the try. Returns null if not, or not yet. */
export async function prepare(
  db: Knex.Transaction,
  context: MailContext,
  organization_id: string,
  id: string,
): Promise<Composer | null> {
  const [, [email]]: [unknown, (Email | undefined)[]] = await Promise.all([
    lockThread(db, organization_id, id),
    db('emails').where({ organization_id, id, state: 'queued' }).increment('tries').returning('*'),
  ]);
  if (!email) return null;
  const outcome = isAddress(email.to_address)
    ? await outcomeOf(db, context, email)
    : 'This is no address that mail can be sent to.';
  if (typeof outcome === 'function') return outcome;
  if (typeof outcome === 'string')
    await db('emails').where({ organization_id, id, state: 'queued' }).update({ state: 'skipped', detail: outcome });
  else await postpone(db, email, outcome.until);
  return null;
}

const COMPOSERS = { code: composeCode, answer: composeHeldNotice, test: composeTestMessage } as const;

async function outcomeOf(db: Knex.Transaction, context: MailContext, email: Email): Promise<Outcome> {
  if (email.kind === 'event') return eventOutcome(db, context, email);
  const message = await COMPOSERS[email.kind](db, email.organization_id, email.id, context);
  return message ? async () => message : 'It came too late to be of use.';
}

async function eventOutcome(db: Knex.Transaction, context: MailContext, email: Email): Promise<Outcome> {
  const { organization_id, id } = email;
  const eventEmail = await readEventEmail(db, organization_id, id);
  if (!eventEmail) return 'What it was about is gone.';
  const action = actionNamed(eventEmail.subject.type, eventEmail.activity.action);
  const reason = await whySkipped(db, eventEmail, action);
  if (reason) return reason;
  // Of the postponed emails about a subject only the latest stays queued; the others are merged into it.
  const until = await reserveFor(db, context, eventEmail);
  const merged = until && !action?.attaches ? await mergeIntoLater(db, eventEmail) : null;
  if (merged) return merged;
  const absorbed = await absorbEarlier(db, eventEmail);
  if (until) return { until };
  const complete = absorbed ? ((await readEventEmail(db, organization_id, id)) ?? eventEmail) : eventEmail;
  return eventComposer(db, context, complete, action?.attaches);
}

async function eventComposer(
  db: Knex.Transaction,
  context: MailContext,
  eventEmail: EventEmail,
  attaches: SubjectAction['attaches'],
): Promise<Composer> {
  const { organization, subject, reader, activity, email } = eventEmail;
  const thread = { organization_id: organization.id, subject_id: subject.id, person_id: reader.id };
  const side = reader.partner_id ? 'partner' : 'staff';
  const [reply, link] = await Promise.all([
    issueReplyKey(db, context.secret, thread, activity.visible_to === 'both' ? 'shared' : side),
    issueLink(db, context.secret, email, thread),
  ]);
  return async () =>
    composeEvent(eventEmail, { link, reply }, context, await attachmentsOf(context, eventEmail, attaches));
}

/** Larger attachments, a third larger again in base64, are rejected by many servers; the message links to the file. */
const MAX_ATTACHED_BYTES = 10 * 2 ** 20;

/** The document's PDF, signed if it was signed; [] if the action attaches none, or if it is too large. */
async function attachmentsOf(
  context: MailContext,
  { organization, subject, reader, activity: { version, details } }: EventEmail,
  attaches: SubjectAction['attaches'],
): Promise<NonNullable<SendMailOptions['attachments']>> {
  if (!attaches || version === 0) return [];
  const signed = details['signature'] ? await context.signed(organization.id, subject.id, version) : null;
  const pdf =
    signed ?? (reader.partner_id ? await context.pdf(organization.id, subject.id, version, reader.locale) : null);
  return pdf && pdf.content.length <= MAX_ATTACHED_BYTES ? [{ ...pdf, contentType: 'application/pdf' }] : [];
}

/** Why the email need not be sent any more; null if it should be. */
async function whySkipped(
  db: Knex.Transaction,
  { organization, subject, reader, activity, read_at }: EventEmail,
  action: SubjectAction | undefined,
): Promise<string | null> {
  if (reader.removed_at) return 'The person is no contact any more.';
  if (read_at && !action?.attaches) return 'It was read in the portal first.';
  if (subject.state === 'void' && action?.attaches) return 'The document was voided first.';
  const optional = isOptional(activity.action);
  if (optional && (await isMuted(db, organization.id, subject.id, reader.id)))
    return 'They asked for no more mail like this about it.';
  return whySuppressed(await readDeliverability(db, organization.id, reader.id), optional);
}

async function reserveFor(
  db: Knex.Transaction,
  { rate_limits }: MailContext,
  { organization, reader, email }: EventEmail,
): Promise<Date | null> {
  if (!rate_limits) return null;
  const domain = email.to_address.slice(email.to_address.lastIndexOf('@') + 1).toLowerCase();
  const before = () => countWaitingBefore(db, organization.id, reader.id, email.id);
  return reserveSlot(db, rate_limits, { person_id: reader.id, domain, before });
}

/** Reschedules the email without counting it as a try. */
async function postpone(db: Knex.Transaction, { organization_id, id }: Email, until: Date): Promise<void> {
  const postponed_at = db.raw('coalesce(postponed_at, now())');
  await db('emails')
    .where({ organization_id, id })
    .update({ postponed_at, tries: db.raw('tries - 1') });
  await addJob(db, 'send_email', { organization_id, email_id: id }, { run_at: until });
}
