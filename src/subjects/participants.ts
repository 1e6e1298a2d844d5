import type { Knex } from 'knex';
import { send } from '../db/writing/transaction.js';

interface Subject {
  organization_id: string;
  id: string;
}

/** The ids of the staff who follow a subject. */
export const staffParticipants = (db: Knex.Transaction, { organization_id, id }: Subject): Promise<string[]> =>
  participantsOf(db, organization_id, id).whereNull('p.partner_id').pluck('p.id');

interface Contact {
  id: string;
  partner_id: string;
}

/**
 * The contacts who take part in a subject and in what follows from it: guests, to whom it was forwarded, are given
 * nothing else.
 */
export const contactParticipants = (db: Knex.Transaction, subject: Subject): Promise<Contact[]> =>
  chosenContacts(db, subject).where({ 'p.guest': false });

/** The contacts who take part in a subject, with their partners: also guests whom staff have chosen. */
export const chosenContacts = (db: Knex.Transaction, { organization_id, id }: Subject) =>
  participantsOf(db, organization_id, id).whereNotNull('p.partner_id').select<Contact[]>('p.id', 'p.partner_id');

const participantsOf = (db: Knex.Transaction, organization_id: string, subject_id: string) =>
  db('participants as x')
    .join('people as p', (on) => on.on('p.organization_id', 'x.organization_id').on('p.id', 'x.person_id'))
    .where({ 'x.organization_id': organization_id, subject_id, removed_at: null })
    .orderBy('p.id');

/** Adds people to a subject, or to each of several, unless they take part already. */
export async function addParticipants(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string | readonly string[] },
  people: readonly string[],
): Promise<void> {
  const rows = [id]
    .flat()
    .flatMap((subject_id) => people.map((person_id) => ({ organization_id, subject_id, person_id })));
  if (rows.length) await send(db, db('participants').insert(rows).onConflict().ignore());
}

const ADD_AUTHOR = `insert into participants (organization_id, subject_id, person_id)
  select v.organization, v.subject, v.person
  from (values (?::uuid, ?::uuid, ?::uuid)) as v (organization, subject, person)
  where acting_for(v.organization, v.person, v.subject) is null
  on conflict do nothing`;

/** Adds who wrote something, so that they are told of replies; a deputy is told of them anyway, while they are one. */
export const addAuthor = (db: Knex.Transaction, { organization_id, id }: Subject, person_id: string): Promise<void> =>
  send(db, db.raw(ADD_AUTHOR, [organization_id, id, person_id]));

/** Ends somebody's part in a subject. Returns whether they had one. */
export const removeParticipant = async (
  db: Knex.Transaction,
  { organization_id, id: subject_id }: Subject,
  person_id: string,
): Promise<boolean> => (await db('participants').where({ organization_id, subject_id, person_id }).delete()) > 0;

/** The staff of a document's origin; without an origin or staff, the owners. */
export async function followingStaff(
  db: Knex.Transaction,
  { organization_id, origin_id }: { organization_id: string; origin_id: string | null },
): Promise<string[]> {
  const staff = origin_id ? await staffParticipants(db, { organization_id, id: origin_id }) : [];
  if (staff.length) return staff;
  return db('people').where({ organization_id, role: 'owner', partner_id: null, removed_at: null }).pluck('id');
}
