import type { Knex } from 'knex';
import { queryPrepared } from '../../../db/scope.js';
import { LIFECYCLES } from '../../../subjects/lifecycles.js';
import type { BatchResult, Erasure } from './erasure.js';

/** Found at a time. */
const BATCH = 200;

interface Found {
  kind: string;
  word: string;
  subject_id: string;
}

// In the order of the index. An address is a word as a whole, too.
const found = (later: string) => `select kind, word, subject_id from subject_words
  where organization_id = $1 and kind = any($2::text[])
    and word = any(words_of($3) || array(select left(folded(a), 60) from unnest($4::text[]) a)) ${later}
  order by kind, word, subject_id limit ${BATCH}`;
const LATER = 'and (kind, word, subject_id) > ($5, $6, $7)';

/** Subjects are no longer found by the name and address of somebody who took part. */
export async function reindexSubjects(
  db: Knex.Transaction,
  { organization_id, names, addresses, after_key }: Erasure,
): Promise<BatchResult> {
  const kinds = LIFECYCLES.map(({ name }) => name);
  const values = [organization_id, kinds, names.join(' '), addresses, ...after_key];
  const rows = await queryPrepared<Found>(db, found(after_key.length ? LATER : ''), values);
  const subjects = [...new Set(rows.map(({ subject_id }) => subject_id))];
  await queryPrepared(db, 'select index_subject($1, s) from unnest($2::uuid[]) s', [organization_id, subjects]);
  const last = rows.length === BATCH ? rows.at(-1) : undefined;
  return { changed: subjects.length, next: last ? [last.kind, last.word, last.subject_id] : null };
}
