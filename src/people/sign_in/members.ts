import type { Knex } from 'knex';

/** A person of an organization that a user is. */
export interface Member {
  organization_id: string;
  slug: string;
  person_id: string;
}

/** All people that a user is, in order of their organizations' slugs; none for an address that nobody has. */
export async function membershipsOf(db: Knex.Transaction, user_id: string | null): Promise<Member[]> {
  await db.raw(`select set_config('app.user', ?, true)`, [user_id ?? '']);
  return db('people as p')
    .join('organizations as o', 'o.id', 'p.organization_id')
    .where({ 'p.user_id': user_id, removed_at: null })
    .orderBy('p.id')
    .select('p.organization_id', 'o.slug', 'p.id as person_id');
}
