import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { addJobs } from '../../db/jobs.js';
import { queryPrepared } from '../../db/scope.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { isAddress } from '../address.js';
import { composeMailRoomReport } from '../mail_room/compose_report.js';
import { composeCode, composeTestMessage } from '../messages/account/account_messages.js';
import { composeAlert } from '../messages/account/sign_in_alerts.js';
import { type DueEmail, readEventEmails, type Reminder } from '../messages/event_email.js';
import { isLogGone } from '../messages/projects/log_email.js';
import { composeHeldNotice } from '../messages/held_notice.js';
import { composeInvitation } from '../messages/account/invitation_message.js';
import { composeNotice } from '../messages/account/notice_message.js';
import { composeProfileEmail } from '../messages/account/profile_email.js';
import { statementComposer } from '../messages/account/statement_message.js';
import { composeMemberChange } from '../members/member_message.js';
import { composeRemittance } from '../messages/remittance/remittance_email.js';
import { composeSummary } from '../messages/summary_email.js';
import { isOptional } from '../../activity/notification_kinds.js';
import { whySuppressed } from '../suppression/suppression.js';
import { absorbEarlier, lockThreads, mergeIntoLater } from './digest.js';
import { eventComposers } from './event_composer.js';
import { laterThan, postponements, releaseFollowing } from './pace.js';
import { type Email, jobOf } from './queue.js';
import type { MailContext } from './transport.js';
import { joinReminders } from '../reminders/join_reminders.js';
import { waitAsChosen } from './rhythm_times.js';

/** A message, and the reply key that answers to it come with; null if it has none. */
export interface Composed {
  message: SendMailOptions;
  reply_key_id: string | null;
}

/** Composes a message after the transaction has ended. */
export type Composer = () => Promise<Composed>;

/** What to do with an email: send it, postpone it, or skip it for the given reason. */
type Outcome = Composer | { until: Date } | string;

type Outcomes = Map<string, Outcome>;

// The tries are counted before anything is decided, and the rows stay locked until the transaction ends. All are looked
// for, or the planner would read all that is queued.
const CLAIM = `update emails set tries = tries + (state = 'queued')::int
  where organization_id = $1 and id = any($2::uuid[]) returning *`;

/**
 * Decides which emails of an organization should still be sent, and counts the tries. No two may be of one thread.
 * Returns a composer for each; null if it should not be sent, or not yet.
 */
export async function prepare(
  db: Knex.Transaction,
  context: MailContext,
  organization_id: string,
  ids: readonly string[],
): Promise<(Composer | null)[]> {
  const [, found, events] = await Promise.all([
    lockThreads(db, organization_id, ids),
    queryPrepared<Email & { state: string }>(db, CLAIM, [organization_id, ids]),
    readEventEmails(db, organization_id, ids),
  ]);
  const claimed = found.filter(({ state }) => state === 'queued');
  const outcomes: Outcomes = new Map();
  const going: DueEmail[] = [];
  for (const email of claimed) {
    const event = events.find((one) => one.email.id === email.id);
    const outcome = await outcomeOf(db, context, email, event);
    if (outcome) outcomes.set(email.id, outcome);
    else if (event) going.push(event);
  }
  await decideEvents(db, context, organization_id, going, outcomes);
  await Promise.all([skip(db, organization_id, outcomes), postpone(db, claimed, outcomes)]);
  return ids.map((id) => composerIn(outcomes.get(id)));
}

const composerIn = (outcome: Outcome | undefined) => (typeof outcome === 'function' ? outcome : null);

const COMPOSERS = {
  code: composeCode,
  answer: composeHeldNotice,
  test: composeTestMessage,
  mail_room: composeMailRoomReport,
  alert: composeAlert,
  invitation: composeInvitation,
  summary: composeSummary,
  profile: composeProfileEmail,
  notice: composeNotice,
  member: composeMemberChange,
} as const;

const TOO_LATE = 'It came too late to be of use.';

/** What to do with an email, as far as it depends on nothing else; null for an event's that should be sent. */
async function outcomeOf(
  db: Knex.Transaction,
  context: MailContext,
  email: Email,
  event: DueEmail | undefined,
): Promise<Outcome | null> {
  if (!isAddress(email.to_address)) return 'This is no address that mail can be sent to.';
  if (email.kind === 'event') return event ? whySkipped(event) : 'What it was about is gone.';
  if (email.kind === 'statement' || email.kind === 'remittance') {
    const composer = email.kind === 'statement' ? statementComposer : composeRemittance;
    const compose = await composer(db, email.organization_id, email.id, context);
    return compose ? async () => ({ message: await compose(), reply_key_id: null }) : TOO_LATE;
  }
  const message = await COMPOSERS[email.kind](db, email.organization_id, email.id, context);
  return message ? async () => ({ message, reply_key_id: null }) : TOO_LATE;
}

/** Why the email need not be sent any more; null if it should be. */
function whySkipped(event: DueEmail): string | null {
  const { email, subject, reader, activity, read_at, delivery } = event;
  const action = actionNamed(subject.type, activity.action);
  if (reader.removed_at) return 'The person is no contact any more.';
  if (reader.shut_out || isLogGone(event)) return 'They may no longer see this.';
  const optional = isOptional(activity.action);
  if (optional && delivery.muted) return 'They asked for no more mail like this about it.';
  if (read_at && read_at > new Date(email.created_at) && !action?.attaches) return 'It was read in the portal first.';
  if (subject.state === 'void' && action?.attaches) return 'The document was voided first.';
  return whySuppressed(delivery, optional);
}

/**
 * Leaves out what its reader wants in a summary or not by email. Postpones what comes in quiet hours or a burst, exceeds
 * a rate limit or follows what could not be sent yet, merges what waits, and makes composers for the rest.
 */
async function decideEvents(
  db: Knex.Transaction,
  context: MailContext,
  organization_id: string,
  due: readonly DueEmail[],
  outcomes: Outcomes,
): Promise<void> {
  const { waiting, left } = await waitAsChosen(db, context, organization_id, due);
  for (const [id, reason] of left) outcomes.set(id, reason);
  const events = due.filter(({ email }) => !outcomes.has(email.id));
  const behind = new Map(events.filter((event) => event.behind).map((event) => [event.email.id, laterThan(event)]));
  const others = events.filter(({ email }) => !behind.has(email.id) && !waiting.has(email.id));
  const limited = await postponements(db, context, organization_id, others);
  const postponed = new Map([...behind, ...waiting, ...limited]);
  const going: DueEmail[] = [];
  for (const event of events) {
    const until = postponed.get(event.email.id);
    const { merged, absorbed } = event.others_wait ? await mergeWaiting(db, event, until) : NOTHING_WAITS;
    if (merged) outcomes.set(event.email.id, merged);
    else if (until) outcomes.set(event.email.id, { until });
    else going.push(absorbed ? await readAgain(db, event) : event);
  }
  const { reminders, left: joined } = await joinReminders(db, organization_id, going);
  for (const [id, reason] of joined) outcomes.set(id, reason);
  const told = going
    .filter(({ email }) => !joined.has(email.id))
    .map((event) => ({ ...event, ...reminderOf(reminders.get(event.email.id)) }));
  for (const [id, composer] of await eventComposers(db, context, organization_id, told)) outcomes.set(id, composer);
}

const reminderOf = (reminder: Reminder | undefined) => (reminder ? { reminder } : {});

const NOTHING_WAITS = { merged: null, absorbed: false };

/** Of the postponed emails of a thread only the latest stays queued; the others are merged into it. */
async function mergeWaiting(db: Knex.Transaction, event: DueEmail, until: Date | undefined) {
  const action = actionNamed(event.subject.type, event.activity.action);
  const merged = until && !action?.attaches ? await mergeIntoLater(db, event) : null;
  return { merged, absorbed: !merged && (await absorbEarlier(db, event)) };
}

const readAgain = async (db: Knex.Transaction, event: DueEmail): Promise<DueEmail> =>
  (await readEventEmails(db, event.organization.id, [event.email.id]))[0] ?? event;

// They were claimed in this transaction: they are queued.
const SKIP = `update emails e set state = 'skipped', detail = skipped.detail
  from unnest($2::uuid[], $3::text[]) as skipped (id, detail)
  where e.organization_id = $1 and e.id = skipped.id`;

async function skip(db: Knex.Transaction, organization_id: string, outcomes: Outcomes): Promise<void> {
  const skipped = [...outcomes].filter(([, outcome]) => typeof outcome === 'string');
  if (!skipped.length) return;
  const ids = skipped.map(([id]) => id);
  await Promise.all([
    releaseFollowing(db, organization_id, ids),
    queryPrepared(db, SKIP, [organization_id, ids, skipped.map(([, detail]) => detail)]),
  ]);
}

// Not counted as a try.
const POSTPONE = `update emails set postponed_at = coalesce(postponed_at, now()), tries = tries - 1
  where organization_id = $1 and id = any($2::uuid[])`;

async function postpone(db: Knex.Transaction, emails: readonly Email[], outcomes: Outcomes): Promise<void> {
  const postponed = emails.flatMap((email) => {
    const outcome = outcomes.get(email.id);
    return typeof outcome === 'object' ? [{ email, run_at: outcome.until }] : [];
  });
  const organization_id = postponed[0]?.email.organization_id;
  if (!organization_id) return;
  const jobs = postponed.map(({ email, run_at }) => ({ payload: jobOf(email), run_at }));
  await Promise.all([
    queryPrepared(db, POSTPONE, [organization_id, postponed.map(({ email }) => email.id)]),
    addJobs(db, 'send_email', jobs),
  ]);
}
