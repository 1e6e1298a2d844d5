import assert from 'node:assert/strict';
import type pg from 'pg';

const SAMPLE = 300;

/** What is written with a row, by the column that names it. */
type Written = Record<string, string>;

/**
 * Has the triggers write for a sample what was filled in their place, and compares. A search that finds nothing would be
 * fast. @throws AssertionError where they differ
 */
export async function checkFilled(db: pg.Client): Promise<void> {
  await checkInserted(db, 'documents', { subjects: 'id', subject_words: 'subject_id' });
  await checkInserted(db, 'projects', { subjects: 'id', subject_words: 'subject_id' });
  await checkInserted(db, 'partners', { partner_words: 'partner_id' });
}

/** Inserts some rows again, with all triggers, and what hangs on them as it is. */
async function checkInserted(db: pg.Client, of: string, written: Written): Promise<void> {
  const { rows } = await db.query<{ list: string }>(
    `select string_agg(column_name, ', ') as list from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [of],
  );
  const columns = rows[0]?.list;
  await db.query('begin; set local session_replication_role = replica');
  await db.query(
    `create temp table sample on commit drop as select ${columns} from ${of} order by hashtext(id::text) limit ${SAMPLE}`,
  );
  const these = (key: string) => `(organization_id, ${key}) in (select organization_id, id from sample)`;
  for (const [table, key] of Object.entries(written)) {
    await db.query(`create temp table was_${table} on commit drop as select * from ${table} where ${these(key)}`);
    await db.query(`delete from ${table} where ${these(key)}`);
  }
  await db.query(`delete from ${of} where ${these('id')}; set local session_replication_role = origin`);
  await db.query(`insert into ${of} (${columns}) select ${columns} from sample`);
  for (const [table, key] of Object.entries(written)) {
    const [is, was] = [`select * from ${table} where ${these(key)}`, `select * from was_${table}`];
    const { rows } = await db.query(`(${is} except all ${was}) union all (${was} except all ${is}) limit 5`);
    assert.deepEqual(rows, [], `${table} of ${of} as filled and as triggers write it`);
    assert.ok((await db.query(`${was} limit 1`)).rowCount, `${table} of ${of} is empty`);
  }
  await db.query('rollback');
}
