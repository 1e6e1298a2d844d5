import type { Knex } from 'knex';
import type { Outcome } from '../../acting/context.js';
import { findParticipants } from '../../activity/notify.js';
import { finds } from '../../db/planner.js';
import { Invalid } from '../../errors.js';
import { addParticipants } from '../../subjects/participants.js';
import { endPart } from '../end_part.js';
import { partnerOfEvent } from './event.js';
import type { EventAct, EventChange } from './event_acts.js';

interface Place {
  organization_id: string;
  project_id: string;
}

interface Guest {
  id: string;
  name: string;
  partner_id: string | null;
}

/** Whether a vendor has work in a project: a task or a document. */
export const hasWork = async (
  db: Knex.Transaction,
  { organization_id, project_id }: Place,
  vendor: string,
): Promise<boolean> => {
  const { rows } = await db.raw<{ rows: { works: boolean }[] }>(
    `select ${finds(`tasks t where t.organization_id = :organization_id and t.vendor_id = :vendor
        and t.project_id = :project_id`)}
      or ${finds(`documents d where d.organization_id = :organization_id and d.partner_id = :vendor
        and d.project_id = :project_id`)} as works`,
    { organization_id, project_id, vendor },
  );
  return rows[0]?.works === true;
};

/**
 * Those of these people who can be invited: of the staff, and of the partner whose event it is.
 * @throws Invalid in `field`, if there is another
 */
export async function validGuests(
  db: Knex.Transaction,
  { organization_id, partner_id }: { organization_id: string; partner_id: string | null },
  people: readonly string[],
  field: string,
): Promise<Guest[]> {
  const wanted = [...new Set(people)];
  const found: Guest[] = await db('people')
    .where({ organization_id, removed_at: null, pending: false, guest: false })
    .whereIn('id', wanted)
    .where((ours) => (partner_id ? ours.whereNull('partner_id').orWhere({ partner_id }) : ours.whereNull('partner_id')))
    .select('id', 'name', 'partner_id');
  if (found.length !== wanted.length)
    throw new Invalid({ [field]: 'Choose people of your team and of the company that it is shown to.' });
  return found;
}

/** Invites somebody else. @throws Invalid */
export async function invite(db: Knex.Transaction, { row, subject, input }: EventAct): Promise<EventChange> {
  const person_id = String(input['person']);
  const place = { organization_id: row.organization_id, partner_id: partnerOfEvent(row) };
  const [person] = await validGuests(db, place, [person_id], 'person');
  const { organization_id, id: subject_id } = subject;
  if (await db('participants').where({ organization_id, subject_id, person_id }).first('person_id'))
    throw new Invalid({ person: '{{name}} takes part already.' }, { name: person?.name ?? '' });
  await addParticipants(db, subject, [person_id]);
  return { details: { name: person?.name, person_id, person: undefined }, ...toldOf(person) };
}

/** Which of the staff comes is told where people are shown. */
const toldOf = (person: Pick<Guest, 'partner_id'> | undefined): Pick<Outcome, 'visible_to'> =>
  person?.partner_id ? {} : { visible_to: 'staff' };

/** Takes an invitation back: their calendar drops it, and they hear of it for the last time. @throws Invalid */
export async function uninvite(db: Knex.Transaction, { row, subject, input }: EventAct): Promise<EventChange> {
  const { organization_id, id: event_id } = row;
  const person_id = String(input['person']);
  const participants: Outcome['participants'] = await findParticipants(db, { organization_id, subject_id: event_id });
  if (!(await endPart(db, subject, person_id)))
    throw new Invalid({ form: 'This person takes no part in it any more.' });
  await db('event_answers').where({ organization_id, event_id, person_id }).delete();
  const person: Guest = await db('people').where({ organization_id, id: person_id }).first('id', 'name', 'partner_id');
  const columns = { sequence: row.sequence + 1 };
  const details = { name: person.name, person_id, person: undefined };
  return { columns, details, participants, ...toldOf(person) };
}
