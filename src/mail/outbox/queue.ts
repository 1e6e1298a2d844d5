import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { addJob } from '../../db/jobs.js';
import type { Activity } from '../../activity/record.js';
import type { Reader } from '../../activity/notify.js';

export interface Email {
  organization_id: string;
  id: string;
  kind: 'event' | 'code' | 'answer' | 'test';
  person_id: string | null;
  activity_id: string | null;
  document_id: string | null;
  /** What a code or an answer is about: the sign-in, the inbound delivery. */
  subject_id: string | null;
  to_address: string;
  /**
   * The part before the @ of its Message-ID: 128 random bits, so that nobody who didn't get the message can name it.
   */
  message_id: string;
  /** Since when it waits its turn. */
  postponed_at: Date | null;
}

/** One email for each reader of an event, with the job that sends it: kept if the event is kept, and not otherwise. */
export async function queueEmails(db: Knex.Transaction, activity: Activity, readers: Reader[]): Promise<void> {
  const { organization_id, document_id, id: activity_id } = activity;
  const event = { organization_id, kind: 'event', activity_id, document_id, subject_id: null } as const;
  await Promise.all(readers.map(({ person_id, email }) => queueEmail(db, { ...event, person_id, to_address: email })));
}

const newMessageId = () => randomBytes(16).toString('hex');

/** One email and its job. Its Message-ID is made now, and stays the same over all tries. */
export async function queueEmail(
  db: Knex.Transaction,
  email: Omit<Email, 'id' | 'message_id' | 'postponed_at'>,
): Promise<string> {
  const id = newId();
  const urgency = email.kind === 'code' || email.kind === 'test' ? 'now' : 'soon';
  await Promise.all([
    db('emails').insert({ ...email, id, message_id: newMessageId() }),
    addJob(db, 'send_email', { organization_id: email.organization_id, email_id: id }, { urgency }),
  ]);
  return id;
}

/**
 * What still waits for a person goes to their new address, as another message: if a try has reached the old one after
 * all, what it holds (its link is made from its Message-ID) opens nothing any more. Waits for tries under way.
 */
export async function changeRecipient(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
  to_address: string,
): Promise<void> {
  const waiting = await db('emails')
    .where({ organization_id, person_id, kind: 'event', state: 'queued' })
    .forUpdate()
    .pluck('id');
  for (const id of waiting)
    await db('emails').where({ organization_id, id }).update({ to_address, message_id: newMessageId() });
}
