import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { addJob, addJobs, type Jobs } from '../../db/jobs.js';
import { queryPrepared } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import type { Activity } from '../../activity/record.js';
import type { Reader } from '../../activity/notify.js';
import { causeId } from '../../telemetry/cause.js';

/** SQL: an email that waits. Written out: of a parameter the planner can't know that the index of those is enough. */
export const QUEUED = `state = 'queued'`;

export interface Email {
  organization_id: string;
  id: string;
  kind:
    | ('event' | 'code' | 'answer' | 'test' | 'mail_room' | 'alert')
    | ('invitation' | 'summary' | 'profile' | 'notice' | 'member' | 'statement' | 'remittance');
  person_id: string | null;
  activity_id: string | null;
  subject_id: string | null;
  /**
   * Of a code: the sign-in. Of an answer: the inbound delivery. Of an alert: the last wrong code, or security event. Of
   * an invitation: its id. Of a statement: what was sent. Of a remittance: the payment. Of a change to a partner's
   * profile or a member: its activity.
   */
  cause_id: string | null;
  to_address: string;
  /** The local part of its Message-ID: 128 random bits, so that only its recipient can refer to it. */
  message_id: string;
  /** When a rate limit first postponed it. */
  postponed_at: Date | null;
}

const newMessageId = () => randomBytes(16).toString('hex');

const QUEUE_EVENT = `insert into emails
    (organization_id, kind, activity_id, subject_id, request_id, id, person_id, to_address, message_id)
  select ?, 'event', ?, ?, ?, * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[])`;

/**
 * Queues one email for each reader of an event, in the event's transaction, to leave so many seconds after it. `now`:
 * when that was, if it is not now.
 */
export async function queueEmails(
  db: Knex.Transaction,
  activity: Activity,
  readers: Reader[],
  seconds = 0,
  now = new Date(),
): Promise<void> {
  if (!readers.length) return;
  const { organization_id, subject_id, id } = activity;
  const emails = readers.map((reader) => ({ ...reader, id: newId(), message_id: newMessageId() }));
  const columns = (['id', 'person_id', 'email', 'message_id'] as const).map((name) => emails.map((row) => row[name]));
  await send(db, db.raw(QUEUE_EVENT, [organization_id, id, subject_id, causeId(), ...columns]));
  const run_at = seconds ? new Date(now.getTime() + seconds * 1000) : null;
  const jobs = emails.map(({ id, person_id }) => ({
    payload: jobOf({ organization_id, id, person_id, subject_id }),
    run_at,
  }));
  await addJobs(db, 'send_email', jobs);
}

/** What sends an email. Those to one person about one subject are a thread. */
export const jobOf = ({
  organization_id,
  id,
  person_id,
  subject_id,
}: Pick<Email, 'organization_id' | 'id' | 'person_id' | 'subject_id'>): Jobs['send_email'] => ({
  organization_id,
  email_id: id,
  ...(person_id && subject_id ? { thread: `${person_id} ${subject_id}` } : {}),
});

/**
 * Queues one email, in the caller's transaction, to go at once or at `run_at`. Its Message-ID is fixed now and the same
 * on each try.
 */
export async function queueEmail(
  db: Knex.Transaction,
  email: Omit<Email, 'id' | 'message_id' | 'postponed_at'>,
  run_at: Date | null = null,
): Promise<string> {
  const id = newId();
  const { organization_id, kind } = email;
  await send(db, db('emails').insert({ ...email, id, message_id: newMessageId(), request_id: causeId() }));
  if (kind === 'code' || kind === 'test' || kind === 'invitation')
    await addJob(db, 'send_awaited_email', { organization_id, email_id: id }, { urgency: 'now', run_at });
  else await addJob(db, 'send_email', jobOf({ ...email, id }), { run_at });
  return id;
}

// One that is being composed already tells nothing more.
const QUEUE_SUMMARY = `insert into emails (organization_id, kind, id, person_id, to_address, message_id, due_at)
  values ($1, 'summary', $2, $3, $4, $5, $6)
  on conflict (organization_id, person_id, due_at) where kind = 'summary' do update set to_address = excluded.to_address
    where emails.state = 'queued' and emails.tries = 0 returning id`;

/** The id of a person's summary of this time, or else of one a minute later. It is queued if it isn't there yet. */
export async function queueSummary(
  db: Knex.Transaction,
  summary: { organization_id: string; person_id: string; to_address: string },
  at: Date,
): Promise<string> {
  const { organization_id, person_id, to_address } = summary;
  for (let due_at = at; ; due_at = new Date(due_at.getTime() + 60_000)) {
    const made = newId();
    const values = [organization_id, made, person_id, to_address, newMessageId(), due_at];
    const [row] = await queryPrepared<{ id: string }>(db, QUEUE_SUMMARY, values);
    if (row?.id === made) await addJob(db, 'send_email', { organization_id, email_id: made }, { run_at: due_at });
    if (row) return row.id;
  }
}

/**
 * Redirects a person's queued emails of events to their new address. They get new Message-IDs, and so new links: should a
 * try have reached the old address, its link no longer works. Waits for tries in progress.
 */
export async function changeRecipient(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
  to_address: string,
): Promise<void> {
  const waiting = await db('emails')
    .where({ organization_id, person_id })
    .whereIn('kind', ['event', 'summary'])
    .whereRaw(QUEUED)
    .forUpdate()
    .pluck('id');
  for (const id of waiting)
    await db('emails').where({ organization_id, id }).update({ to_address, message_id: newMessageId() });
}
