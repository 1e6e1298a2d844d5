import assert from 'node:assert/strict';
import type pg from 'pg';

const SAMPLE = 300;

/** What triggers write with a document, by the column that names it. */
const WRITTEN = { subjects: 'id', subject_words: 'subject_id' };

/**
 * Inserts some documents again, with all triggers, and compares what those write with what was filled in their place. A
 * search that finds nothing would be fast. @throws AssertionError where they differ
 */
export async function checkFilled(db: pg.Client): Promise<void> {
  const { rows } = await db.query<{ list: string }>(
    `select string_agg(column_name, ', ') as list from information_schema.columns
     where table_name = 'documents' and is_generated = 'NEVER'`,
  );
  const columns = rows[0]?.list;
  await db.query('begin; set local session_replication_role = replica');
  await db.query(
    `create temp table sample on commit drop as select ${columns} from documents order by hashtext(id::text) limit ${SAMPLE}`,
  );
  const these = (key: string) => `(organization_id, ${key}) in (select organization_id, id from sample)`;
  for (const [table, key] of Object.entries(WRITTEN)) {
    await db.query(`create temp table was_${table} on commit drop as select * from ${table} where ${these(key)}`);
    await db.query(`delete from ${table} where ${these(key)}`);
  }
  await db.query(`delete from documents where ${these('id')}; set local session_replication_role = origin`);
  await db.query(`insert into documents (${columns}) select ${columns} from sample`);
  for (const [table, key] of Object.entries(WRITTEN)) {
    const [is, was] = [`select * from ${table} where ${these(key)}`, `select * from was_${table}`];
    const { rows } = await db.query(`(${is} except all ${was}) union all (${was} except all ${is}) limit 5`);
    assert.deepEqual(rows, [], `${table} as filled and as triggers write it`);
    assert.ok((await db.query(`${was} limit 1`)).rowCount, `${table} is empty`);
  }
  await db.query('rollback');
}
