import type { Knex } from 'knex';
import { queryPrepared } from '../../../db/scope.js';
import type { BatchResult, Erasure } from './erasure.js';
import { sharedNames, withoutOthers } from '../identify_person.js';

/** Activities read at a time. */
const BATCH = 1000;

interface ActivityRow {
  id: string;
  action: string;
  person_id: string | null;
  details: Readonly<Record<string, unknown>>;
}

const SIGNED = `select distinct name, email from signatures where organization_id = $1 and person_id = any($2::uuid[])`;

/** Looks for names and addresses that they had before, in what activities name beside their id, and as they signed. */
export async function collectNames(db: Knex.Transaction, erasure: Erasure): Promise<BatchResult> {
  const { organization_id, id, people, after_key } = erasure;
  const [after] = after_key;
  const rows = db('activities').where({ organization_id }).orderBy('id').limit(BATCH);
  const found: ActivityRow[] = await (after ? rows.where('id', '>', after) : rows).select(
    ...['id', 'action', 'person_id', 'details'],
  );
  const signed = after
    ? []
    : await queryPrepared<{ name: string; email: string }>(db, SIGNED, [organization_id, people]);
  const named = found.flatMap((row) => namesIn(row, people));
  const all = [...signed.flatMap(({ name, email }) => [name, email]), ...named].map((text) => text.trim());
  const names = [...new Set(all.filter((text) => text && !text.includes('@')))];
  const shared = await sharedNames(db, organization_id, people, names);
  const given = all.filter((text) => text.includes('@')).map((address) => address.toLowerCase());
  const addresses = await withoutOthers(db, organization_id, people, given);
  await db('erasures')
    .where({ organization_id, id })
    .update({
      names: [...new Set([...erasure.names, ...names.filter((name) => !shared.has(name.toLowerCase()))])],
      addresses: [...new Set([...erasure.addresses, ...addresses])],
      name_shared: db.raw('name_shared or ?', [shared.size > 0]),
    });
  const last = found.length === BATCH ? found.at(-1) : undefined;
  return { changed: 0, next: last ? [last.id] : null };
}

/** Actions by which somebody gave themselves another name, without their id beside it. */
const BY_THEMSELVES = new Set(['change_own_profile']);

function namesIn({ action, person_id, details }: ActivityRow, people: readonly string[]): string[] {
  const isTheirs = (id: unknown) => typeof id === 'string' && people.includes(id);
  const own = isTheirs(details['person_id']) || (BY_THEMSELVES.has(action) && isTheirs(person_id));
  const found = [
    ...(own ? [details['name'], details['email']] : []),
    isTheirs(details['for_id']) ? details['for'] : null,
    isTheirs(details['deputy_id']) ? details['deputy'] : null,
  ];
  return found.filter((value) => typeof value === 'string');
}
