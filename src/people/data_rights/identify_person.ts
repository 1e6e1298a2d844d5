import type { Knex } from 'knex';
import { queryPrepared, type Role } from '../../db/scope.js';

/** A row of `people`, of all that one user is in an organization. */
export interface ErasedPerson {
  id: string;
  user_id: string;
  partner_id: string | null;
  role: Role;
  name: string;
  email: string;
  removed_at: Date | null;
  erasure_id: string | null;
  photo_sha256: string | null;
}

const ADDRESSES = `select email from users where id = $3
  union select p.email from unnest($2::uuid[]) i (id)
    cross join lateral (select email from people where organization_id = $1 and id = i.id limit 1) p
  union select email from person_addresses where organization_id = $1 and person_id = any($2::uuid[])
  union select email from former_addresses where organization_id = $1 and person_id = any($2::uuid[])`;

/** All addresses that somebody has here, or had; first the one that they are written to. */
export async function addressesOf(
  db: Knex.Transaction,
  organization_id: string,
  people: readonly ErasedPerson[],
): Promise<string[]> {
  const ids = people.map(({ id }) => id);
  const values = [organization_id, ids, people[0]?.user_id];
  const found = await queryPrepared<{ email: string }>(db, ADDRESSES, values);
  const all = [...new Set([...people, ...found].map(({ email }) => email.toLowerCase()))];
  return withoutOthers(db, organization_id, ids, all);
}

const OTHERS = `select p.email from unnest($2::text[]) a (email)
    cross join lateral (select email from people where organization_id = $1 and email = a.email
      and removed_at is null and id <> all($3::uuid[]) limit 1) p
  union select o.email from unnest($2::text[]) a (email)
    cross join lateral (select email from person_addresses where organization_id = $1 and email = a.email
      and person_id <> all($3::uuid[]) limit 1) o`;

/** Of these addresses those that are nobody else's: one that was once entered for somebody by mistake stays its owner's. */
export async function withoutOthers(
  db: Knex.Transaction,
  organization_id: string,
  people: readonly string[],
  addresses: readonly string[],
): Promise<string[]> {
  const found = await queryPrepared<{ email: string }>(db, OTHERS, [organization_id, addresses, people]);
  const others = new Set(found.map(({ email }) => email.toLowerCase()));
  return addresses.filter((address) => !others.has(address));
}

const SHARED = `select name from people
    where organization_id = $1 and name = any($2::text[]) and removed_at is null and id <> all($3::uuid[])
  union select name from partners where organization_id = $1 and name_key = any($4::text[])
  union select name from organizations where id = $1 and name = any($2::text[])`;

/** Of these names the ones that somebody else bears, too, or a company. */
export async function sharedNames(
  db: Knex.Transaction,
  organization_id: string,
  people: readonly string[],
  names: readonly string[],
): Promise<Set<string>> {
  const values = [organization_id, names, people, names.map((name) => name.toLowerCase())];
  const found = await queryPrepared<{ name: string }>(db, SHARED, values);
  return new Set(found.map(({ name }) => name.toLowerCase()));
}
