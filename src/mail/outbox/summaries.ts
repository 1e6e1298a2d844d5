import type { Knex } from 'knex';
import { addJobs } from '../../db/jobs.js';
import { queryPrepared } from '../../db/scope.js';
import type { DueEmail } from '../messages/event_email.js';
import { jobOf, queueSummary } from './queue.js';

/** An email that goes with the summary of this time. */
export interface Gathered {
  event: DueEmail;
  at: Date;
}

const GATHER = `update emails e set merged_into = gathered.summary
  from unnest($2::uuid[], $3::uuid[]) as gathered (id, summary) where e.organization_id = $1 and e.id = gathered.id`;

/** Merges emails into the summaries that their readers get, and queues those that are not there yet. */
export async function gather(db: Knex.Transaction, organization_id: string, all: readonly Gathered[]): Promise<void> {
  if (!all.length) return;
  const summaries = new Map<string, string>();
  // Always in the same order, since each locks its summary.
  const sorted = all.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  for (const one of sorted) {
    const { reader, email } = one.event;
    if (summaries.has(keyOf(one))) continue;
    const summary = { organization_id, person_id: reader.id, to_address: email.to_address };
    summaries.set(keyOf(one), await queueSummary(db, summary, one.at));
  }
  const into = all.map((one) => summaries.get(keyOf(one)));
  await queryPrepared(db, GATHER, [organization_id, all.map(({ event }) => event.email.id), into]);
}

const keyOf = ({ event, at }: Gathered) => `${event.reader.id} ${at.toISOString()}`;

// A summary that is being composed takes what it has.
const RELEASE = `with summaries as (
    select id from emails
    where organization_id = $1 and person_id = $2 and kind = 'summary' and state = 'queued' and tries = 0 for update),
  released as (
    update emails e set state = 'queued', tries = 0, merged_into = null, detail = '' from summaries s
    where e.organization_id = $1 and e.merged_into = s.id returning e.id, e.person_id, e.subject_id)
  select id, person_id, subject_id from released
  union select id, person_id, subject_id from emails
  where organization_id = $1 and person_id = $2 and kind = 'event' and state = 'queued' and postponed_at is not null`;

/** Decides anew about what waits for a person: they have chosen something else. As the system actor. */
export async function releaseWaiting(db: Knex.Transaction, organization_id: string, person_id: string): Promise<void> {
  const waiting = await queryPrepared<{ id: string; person_id: string; subject_id: string }>(db, RELEASE, [
    organization_id,
    person_id,
  ]);
  const jobs = waiting.map((email) => ({ payload: jobOf({ organization_id, ...email }) }));
  if (jobs.length) await addJobs(db, 'send_email', jobs);
}
