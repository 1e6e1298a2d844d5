import type { Knex } from 'knex';
import { blankOriginals } from './blank_originals.js';
import { type BatchResult, type Erasure, valuesFor } from './erasure.js';
import type { Replacer } from './replacer.js';
import type { PersonalTable } from '../tables/personal_table.js';

/** Read at a time: texts of emails are long. */
const BATCH = 200;

type Row = Record<string, unknown>;

/** Replaces names and addresses in all rows of an organization, in the order of their keys. */
export async function replaceRows(
  db: Knex.Transaction,
  erasure: Erasure,
  table: PersonalTable,
  replacer: Replacer,
): Promise<BatchResult> {
  const { organization_id } = erasure;
  const key = table.replaces?.key ?? [];
  const rows = await nextRows(db, erasure, table);
  const theirs: Row[] = [];
  let changed = 0;
  for (const row of rows) {
    const own = isTheirs(row, table, erasure);
    if (own) theirs.push(row);
    const patch = { ...replaced(row, table, replacer), ...(own ? valuesFor(table.blanks?.values ?? {}, erasure) : {}) };
    if (!Object.keys(patch).length) continue;
    const found = Object.fromEntries(key.map((column) => [column, row[column]]));
    await db(table.name)
      .where({ organization_id, ...found })
      .update(patch);
    changed += 1;
  }
  if (table.name === 'inbound_deliveries' && theirs.length) await blankOriginals(db, organization_id, theirs);
  const last = rows.length === BATCH ? rows.at(-1) : undefined;
  return { changed, next: last ? key.map((column) => String(last[column])) : null };
}

function nextRows(
  db: Knex.Transaction,
  { organization_id, after_key }: Erasure,
  { name, blanks, replaces }: PersonalTable,
): Promise<Row[]> {
  const { key = [], text = [], json = [] } = replaces ?? {};
  const columns = [...new Set([...key, ...text, ...json, ...(blanks ? [blanks.by] : [])])];
  const rows = db(name)
    .where({ organization_id })
    .orderBy([...key])
    .limit(BATCH)
    .select(columns);
  const marks = (mark: string) => key.map(() => mark).join(', ');
  return after_key.length ? rows.whereRaw(`(${marks('??')}) > (${marks('?')})`, [...key, ...after_key]) : rows;
}

/** Of mail that came before they were known here the address says so. */
function isTheirs(row: Row, { blanks }: PersonalTable, { people, addresses }: Erasure): boolean {
  if (!blanks) return false;
  const sender = row['from_address'];
  return people.includes(String(row[blanks.by])) || (typeof sender === 'string' && addresses.includes(sender));
}

/** The columns that have changed. */
function replaced(row: Row, { replaces }: PersonalTable, replacer: Replacer): Row {
  const { text = [], json = [] } = replaces ?? {};
  const texts = text.flatMap((column): [string, string][] => {
    const value = row[column];
    const after = typeof value === 'string' ? replacer.text(value) : value;
    return typeof after === 'string' && after !== value ? [[column, after]] : [];
  });
  const documents = json.flatMap((column): [string, string][] => {
    const before = JSON.stringify(row[column]);
    const after = JSON.stringify(replacer.json(row[column]));
    return after === before ? [] : [[column, after]];
  });
  return Object.fromEntries([...texts, ...documents]);
}
