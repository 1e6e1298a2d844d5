import type { Knex } from 'knex';
import { collectNames } from './collect_names.js';
import { type BatchResult, type Erasure, valuesFor } from './erasure.js';
import { replacerFor } from './replacer.js';
import { reindexSubjects } from './reindex_subjects.js';
import { replaceRows } from './replace_rows.js';
import type { PersonalTable } from '../tables/personal_table.js';
import { PERSONAL_TABLES } from '../tables/personal_tables.js';

interface Step {
  name: string;
  /** Under which its rows are counted. */
  table: string;
  run(db: Knex.Transaction, erasure: Erasure): Promise<BatchResult>;
}

/** Deleted or blanked at a time. */
const BATCH = 1000;

/** All steps in order. Former names are collected first, from what the others replace. */
export const STEPS: readonly [Step, ...Step[]] = [
  { name: 'collect', table: 'activities', run: collectNames },
  ...PERSONAL_TABLES.flatMap(stepsOf),
  { name: 'subject_words', table: 'subject_words', run: reindexSubjects },
];

function stepsOf(table: PersonalTable): Step[] {
  const { name, deletes = [], blanks, replaces } = table;
  const removing = deletes.map((column): Step => ({
    name: `${name} ${column}`,
    table: name,
    run: (db, erasure) => deleteRows(db, erasure, name, column),
  }));
  const replacing: Step = {
    name,
    table: name,
    run: (db, erasure) => replaceRows(db, erasure, table, replacerFor(erasure)),
  };
  const blanking: Step = { name, table: name, run: (db, erasure) => blankRows(db, erasure, table) };
  return [...removing, ...(replaces ? [replacing] : blanks ? [blanking] : [])];
}

const DELETE = `with gone as (
    delete from ?? where ctid = any(array(
      select ctid from ?? where organization_id = ? and ?? = any(?::uuid[]) limit ${BATCH})) returning 1)
  select count(*)::integer as changed from gone`;

async function deleteRows(
  db: Knex.Transaction,
  { organization_id, people }: Erasure,
  table: string,
  column: string,
): Promise<BatchResult> {
  const bindings = [table, table, organization_id, column, [...people]];
  const { rows } = await db.raw<{ rows: { changed: number }[] }>(DELETE, bindings);
  const changed = rows[0]?.changed ?? 0;
  return { changed, next: changed === BATCH ? [] : null };
}

/** Gives columns of their rows another value, in the order of the rows' ids. */
async function blankRows(
  db: Knex.Transaction,
  { organization_id, people, after_key: [after], ...replacement }: Erasure,
  { name, blanks }: PersonalTable,
): Promise<BatchResult> {
  if (!blanks) return { changed: 0, next: null };
  const rows = db(name).where({ organization_id }).whereIn(blanks.by, people).orderBy('id').limit(BATCH);
  const ids: string[] = await (after ? rows.where('id', '>', after) : rows).pluck('id');
  await db(name).where({ organization_id }).whereIn('id', ids).update(valuesFor(blanks.values, replacement));
  const last = ids.length === BATCH ? ids.at(-1) : undefined;
  return { changed: ids.length, next: last ? [last] : null };
}
