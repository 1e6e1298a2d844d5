import type { Knex } from 'knex';

interface Which {
  organization_id: string;
  id: string;
}

/** Ids of the staff who follow a document. */
export const staffParticipants = (db: Knex.Transaction, { organization_id, id }: Which): Promise<string[]> =>
  participantsOf(db, organization_id, id).whereNull('p.partner_id').pluck('p.id');

/** The contacts who take part in a document, with whose contacts they are. */
export const contactParticipants = (
  db: Knex.Transaction,
  { organization_id, id }: Which,
): Promise<{ id: string; partner_id: string }[]> =>
  participantsOf(db, organization_id, id).whereNotNull('p.partner_id').select('p.id', 'p.partner_id');

const participantsOf = (db: Knex.Transaction, organization_id: string, document_id: string) =>
  db('participants as x')
    .join('people as p', (on) => on.on('p.organization_id', 'x.organization_id').on('p.id', 'x.person_id'))
    .where({ 'x.organization_id': organization_id, document_id, removed_at: null })
    .orderBy('p.id');

/** More people take part. */
export async function addParticipants(
  db: Knex.Transaction,
  { organization_id, id: document_id }: Which,
  people: string[],
): Promise<void> {
  const rows = people.map((person_id) => ({ organization_id, document_id, person_id }));
  if (rows.length) await db('participants').insert(rows).onConflict().ignore();
}

/** The staff of a document's origin; of one that was made from nothing, the owners. */
export async function followingStaff(
  db: Knex.Transaction,
  { organization_id, origin_id }: { organization_id: string; origin_id: string | null },
): Promise<string[]> {
  const known = origin_id ? await staffParticipants(db, { organization_id, id: origin_id }) : [];
  if (known.length) return known;
  return db('people').where({ organization_id, role: 'owner', partner_id: null, removed_at: null }).pluck('id');
}
