import type { Knex } from 'knex';
import { Invalid } from '../errors.js';
import type { Import } from './import_store.js';
import { type ImportDefaults, itemIn, partnerIn } from './import_values.js';

interface Place {
  organization_id: string;
  import_id: string;
}

/** What was found out about a row. */
interface Checked {
  row: number;
  outcome: 'new' | 'same' | 'refused';
  field?: string;
  reason?: string;
}

/** What a row is of: what it is known by here, and to the rest of its file. */
interface Known {
  row: number;
  /** Who is here already has one of these. */
  keys: string[];
}

/** What rows stand for where they say nothing. */
export async function importDefaults(db: Knex.Transaction, organization_id: string | null): Promise<ImportDefaults> {
  return db('organizations').where({ id: organization_id }).first('currency', 'locale', 'time_zone');
}

/**
 * Checks the next rows: which would be new, are here already, or can't be used and why. `seen`: what rows above named.
 * Returns the last row that was checked; null if none was left.
 */
export async function checkRows(
  db: Knex.Transaction,
  found: Import,
  place: Place,
  { after, size, seen }: { after: number; size: number; seen: Set<string> },
): Promise<number | null> {
  const rows: { row: number; cells: string[] }[] = await db('import_rows')
    .where(place)
    .where('row', '>', after)
    .orderBy('row')
    .limit(size)
    .select('row', 'cells');
  if (rows.length === 0) return null;
  const defaults = await importDefaults(db, place.organization_id);
  const { usable, refused } = usableIn(found, rows, defaults);
  const here = await keysHere(
    db,
    found,
    place.organization_id,
    usable.flatMap(({ keys }) => keys),
  );
  const checked = usable.map(({ row, keys }): Checked => {
    const known = keys.every((key) => here.has(key) || seen.has(key));
    keys.forEach((key) => seen.add(key));
    return { row, outcome: known ? 'same' : 'new' };
  });
  await write(db, place, [...refused, ...checked]);
  return rows.at(-1)?.row ?? null;
}

/** The rows that can be used, by what they are known; and the others, with why not. */
function usableIn(found: Import, rows: readonly { row: number; cells: string[] }[], defaults: ImportDefaults) {
  const refused: Checked[] = [];
  const usable = rows.flatMap(({ row, cells }): Known[] => {
    try {
      return [{ row, keys: keysOf(found, cells, defaults) }];
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const [field = 'name', reason = error.sentence] = Object.entries(error.fields)[0] ?? [];
      refused.push({ row, outcome: 'refused', field, reason });
      return [];
    }
  });
  return { usable, refused };
}

/** By what a row is known; of a partner also its contact, so that a further one isn't the same. @throws Invalid */
function keysOf({ kind, settings }: Import, cells: string[], defaults: ImportDefaults): string[] {
  if (kind === 'items') {
    const { code, name } = itemIn(cells, settings, defaults);
    return [code ? `code ${code.toLowerCase()}` : `name ${name.toLowerCase()}`];
  }
  const { partner, contact } = partnerIn(cells, settings, defaults);
  const name = partner.name.toLowerCase();
  return [`name ${name}`, ...(contact ? [`contact ${name} ${contact.email}`] : [])];
}

/** Those of the keys that the organization has. */
async function keysHere(db: Knex.Transaction, { kind }: Import, organization_id: string, keys: string[]) {
  const named = (word: string) => keys.flatMap((key) => (key.startsWith(word) ? [key.slice(word.length)] : []));
  const names = [...new Set(named('name '))];
  if (kind === 'items') {
    const codes: string[] = await db('items')
      .where({ organization_id })
      .whereIn('code_key', named('code '))
      .pluck('code_key');
    const found: string[] = await db('items').where({ organization_id }).whereIn('name_key', names).pluck('name_key');
    return new Set([...codes.map((code) => `code ${code}`), ...found.map((name) => `name ${name}`)]);
  }
  const partners: { id: string; name_key: string }[] = await db('partners')
    .where({ organization_id })
    .whereIn('name_key', names)
    .select('id', 'name_key');
  const contacts: { partner_id: string; email: string }[] = await db('people')
    .where({ organization_id, removed_at: null })
    .whereIn(
      'partner_id',
      partners.map(({ id }) => id),
    )
    .select('partner_id', 'email');
  const nameOf = new Map(partners.map(({ id, name_key }) => [id, name_key]));
  return new Set([
    ...partners.map(({ name_key }) => `name ${name_key}`),
    ...contacts.map(({ partner_id, email }) => `contact ${nameOf.get(partner_id) ?? ''} ${email}`),
  ]);
}

const WRITE = `update import_rows r set outcome = c.outcome, field = c.field, reason = c.reason
  from jsonb_to_recordset(?::jsonb) as c (row int, outcome text, field text, reason text)
  where r.organization_id = ? and r.import_id = ? and r.row = c.row`;

const write = (db: Knex.Transaction, { organization_id, import_id }: Place, checked: Checked[]) =>
  db.raw(WRITE, [JSON.stringify(checked), organization_id, import_id]);
