import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../../../acting/context.js';
import { Conflict, Invalid, NotFound } from '../../../errors.js';
import { id } from '../../../input/fields.js';
import { addParticipants } from '../../../subjects/participants.js';
import { ofWeek, sentBack } from '../../../subjects/project/time_actions.js';
import type { Worker } from '../log_time.js';
import { lockWeek, type WeekRow } from '../open_days.js';
import { weekDetails } from '../weeks_of.js';
import { requireDecider } from './deciders.js';
import { change, clock, tellVendor } from './submit_weeks.js';

type Done = Omit<Outcome, 'subject'>;

const Approved = z.object({ week: ofWeek.shape.week, person: id });

/** Approves somebody's week: the customer sees it, as far as they see time. @throws NotAllowed, Conflict */
export async function approveWeek(db: Knex.Transaction, act: Act): Promise<Done> {
  const { week: day, person } = Approved.parse(act.input);
  const { worker, week, row, details } = await decided(db, act, person, day);
  if (row.state !== 'submitted') throw new Conflict('This week is not submitted.');
  await decide(db, act, worker, week, { state: 'approved', reason: '' });
  await db.raw(TAKE_RATES, { ...worker, week });
  await approveEntries(db, worker, week, true);
  return outcome(db, worker, 'approve_hours', details);
}

/** Sends somebody's week back to be changed, with the reason. @throws NotAllowed, Conflict, Invalid */
export async function sendWeekBack(db: Knex.Transaction, act: Act): Promise<Done> {
  const { week: day, person, reason } = sentBack.parse(act.input);
  const { worker, week, row, details } = await decided(db, act, person, day);
  if (row.state !== 'submitted' && row.state !== 'approved') throw new Conflict('This week is not submitted.');
  if (row.state === 'approved' && (await isTaken(db, worker, week)))
    throw new Invalid({ form: 'The customer has approved it, or it is billed already.' });
  await decide(db, act, worker, week, { state: 'sent_back', reason });
  await approveEntries(db, worker, week, false);
  return outcome(db, worker, 'send_back_hours', { ...details, reason });
}

async function decided(db: Knex.Transaction, { actor, subject }: Act, person_id: string, day: string) {
  const { organization_id, id: project_id } = subject;
  const person: { partner_id: string | null; name: string } | undefined = await db('people')
    .where({ organization_id, id: person_id })
    .first('partner_id', 'name');
  if (!person) throw new NotFound();
  const worker = { organization_id, project_id, person_id, partner_id: person.partner_id };
  await requireDecider(db, actor, worker);
  const dates = weekDetails(day);
  const row = await lockWeek(db, worker, dates.week);
  return { worker, week: dates.week, row, details: { ...dates, hours: clock(row.minutes), name: person.name } };
}

const decide = (
  db: Knex.Transaction,
  { actor }: Act,
  worker: Worker,
  week: string,
  columns: Pick<WeekRow, 'state'> & { reason: string },
) => change(db, worker, week, { ...columns, decided_by: actor.person_id, decided_at: db.raw('app_now()') });

/** Its time counts as approved, or no more; what the customer sees is written anew, and theirs to approve. */
async function approveEntries(db: Knex.Transaction, worker: Worker, week: string, approved: boolean): Promise<void> {
  const { organization_id, project_id, person_id } = worker;
  await db('time_entries').where({ organization_id, project_id, person_id, week }).update({ approved });
  await db.raw('select share_week(:organization_id, :project_id, :week)', { organization_id, project_id, week });
  await db('shared_weeks')
    .where({ organization_id, project_id, week })
    .update({ accepted_at: null, accepted_by: null, asked_at: null, questioned_at: null, questioned_by: null });
}

/** Whether its customer has approved any of it, or it is on an invoice. */
const isTaken = (db: Knex.Transaction, { organization_id, project_id, person_id }: Worker, week: string) =>
  db('time_entries as e')
    .join('time_costs as c', (on) => on.on('c.organization_id', 'e.organization_id').on('c.entry_id', 'e.id'))
    .where({ 'e.organization_id': organization_id, 'e.project_id': project_id })
    .where({ 'e.person_id': person_id, 'e.week': week })
    .where((taken) => taken.where({ 'c.accepted': true }).orWhereNotNull('c.invoice_id'))
    .first('e.id');

/** Rates that were not set yet when the time was logged. */
const TAKE_RATES = `update time_costs c set cost_rate = coalesce(c.cost_rate, r.cost),
    bill_rate = coalesce(c.bill_rate, r.bill)
  from time_entries e, time_rate(:organization_id, :project_id, :person_id) r
  where e.organization_id = :organization_id and e.project_id = :project_id and e.person_id = :person_id
    and e.week = :week and c.organization_id = e.organization_id and c.entry_id = e.id
    and (c.cost_rate is null or c.bill_rate is null)`;

async function outcome(
  db: Knex.Transaction,
  worker: Worker,
  action: 'approve_hours' | 'send_back_hours',
  details: Record<string, string>,
): Promise<Done> {
  const { organization_id, project_id, person_id, partner_id } = worker;
  if (!partner_id) await addParticipants(db, { organization_id, id: project_id }, [person_id]);
  const followUps = partner_id ? await tellVendor(db, worker, action, details) : [];
  return { details: { ...details, person_id, person: undefined }, followUps };
}
