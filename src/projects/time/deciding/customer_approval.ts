import type { Knex } from 'knex';
import type { Act, Outcome } from '../../../acting/context.js';
import { Conflict, Invalid } from '../../../errors.js';
import { contactParticipants } from '../../../subjects/participants.js';
import { acceptedWeek, ofWeek } from '../../../subjects/project/time_actions.js';
import { weekDetails } from '../weeks_of.js';

type Done = Omit<Outcome, 'subject'>;

interface SharedWeek {
  customer_id: string | null;
  minutes: number | null;
  accepted_at: string | null;
}

/** Asks the customer to approve what they see of a week. @throws Invalid */
export async function askForApproval(db: Knex.Transaction, { subject, input }: Act): Promise<Done> {
  const details = weekDetails(ofWeek.parse(input).week);
  const { key, row } = await lockShared(db, subject, details.week);
  if (!row?.customer_id) throw new Invalid({ form: 'The customer doesn’t see any time of this week.' });
  if (row.accepted_at) throw new Conflict('The customer has approved this week already.');
  if (!(await contactParticipants(db, subject)).length)
    throw new Invalid({ form: 'Nobody of the customer takes part in this project. Add a person first.' });
  await db('shared_weeks')
    .where(key)
    .update({ asked_at: db.raw('app_now()'), questioned_at: null, questioned_by: null });
  return { details };
}

/**
 * The customer approves a week, or its time on some tasks, as far as staff have. @throws Invalid if it is no more what
 * they saw, or nothing is chosen; Conflict
 */
export async function acceptTime(db: Knex.Transaction, { actor, subject, input }: Act): Promise<Done> {
  const { week: day, minutes, part = false, works = [] } = acceptedWeek.parse(input);
  const details = weekDetails(day);
  const { key, row } = await lockShared(db, subject, details.week);
  if (!row?.customer_id) throw new Invalid({ form: 'There is no time in this week.' });
  if (row.accepted_at) throw new Conflict('This week is approved already.');
  if (minutes !== undefined && minutes !== String(row.minutes ?? ''))
    throw new Invalid({ form: 'Time was added or changed since you opened this page. Look at it again.' });
  if (part && !works.length) throw new Invalid({ form: 'Choose what you approve.' });
  const { person_id } = actor;
  const { rowCount } = await db.raw<{ rowCount: number }>(ACCEPT, { ...key, person_id, works: part ? works : null });
  if (!rowCount) throw new Conflict('This is approved already.');
  await db.raw('select share_week(:organization_id, :project_id, :week)', key);
  const rest = await db('time_shares')
    .where({ ...key, accepted: false })
    .first('work_id');
  const whole = { accepted_at: db.raw('app_now()'), accepted_by: person_id, questioned_at: null, questioned_by: null };
  if (!rest) await db('shared_weeks').where(key).update(whole);
  return { details: { ...details, minutes: undefined, works: undefined, part: undefined } };
}

const ACCEPT = `update time_costs c set accepted = true, accepted_by = :person_id from time_entries e
  where e.organization_id = :organization_id and e.project_id = :project_id and e.week = :week and e.approved
    and (:works::uuid[] is null or e.work_id = any (:works::uuid[]))
    and c.organization_id = e.organization_id and c.entry_id = e.id and not c.accepted`;

/** The customer has a question about a week, which they don't approve yet. @throws Invalid, Conflict */
export async function questionTime(db: Knex.Transaction, { actor, subject, input }: Act): Promise<Done> {
  const details = weekDetails(ofWeek.parse(input).week);
  const { key, row } = await lockShared(db, subject, details.week);
  if (!row?.customer_id) throw new Invalid({ form: 'There is no time in this week.' });
  if (row.accepted_at) throw new Conflict('This week is approved already.');
  await db('shared_weeks')
    .where(key)
    .update({ questioned_at: db.raw('app_now()'), questioned_by: actor.person_id });
  return { details };
}

async function lockShared(db: Knex.Transaction, { organization_id, id: project_id }: Act['subject'], week: string) {
  const key = { organization_id, project_id, week };
  const row = await db('shared_weeks')
    .where(key)
    .forUpdate()
    .first<SharedWeek | undefined>('customer_id', 'minutes', 'accepted_at');
  return { key, row };
}
