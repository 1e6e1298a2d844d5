import type { Knex } from 'knex';

/** Sets whose rows a transaction may read and change: those of a user who has proven who they are. */
export const actAsUser = (db: Knex.Transaction, user_id: string | null) =>
  db.raw(`select set_config('app.user', ?, true)`, [user_id ?? '']);

/** A person of an organization that a user is. */
export interface Member {
  organization_id: string;
  slug: string;
  person_id: string;
  /** Null: of the staff. */
  partner_id: string | null;
  /** Where they are written to. */
  email: string;
}

/** All people that a user is, in order of their organizations' slugs; none for an address that nobody has. */
export async function membershipsOf(db: Knex.Transaction, user_id: string | null): Promise<Member[]> {
  await actAsUser(db, user_id);
  return db('people as p')
    .join('organizations as o', 'o.id', 'p.organization_id')
    .where({ 'p.user_id': user_id, removed_at: null })
    .orderBy('p.id')
    .select('p.organization_id', 'o.slug', 'p.id as person_id', 'p.partner_id', 'p.email');
}
