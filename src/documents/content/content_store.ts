import type { Knex } from 'knex';
import { send } from '../../db/writing/transaction.js';
import {
  CONTENT,
  type Content,
  validatedTotals,
  withTotals,
  hashOfContent,
  LINE,
  type Line,
  type NewLine,
} from './content.js';

interface DocumentKey {
  organization_id: string;
  id: string;
}

/** A document's current lines, in order. */
export const readLines = (db: Knex.Transaction, { organization_id, id }: DocumentKey): Promise<Line[]> =>
  db('lines')
    .where({ organization_id, document_id: id })
    .orderBy('position')
    .select(...LINE);

/** A document's current content. */
export async function readContent(db: Knex.Transaction, key: DocumentKey): Promise<Content> {
  const { organization_id, id } = key;
  const [fields, lines] = await Promise.all([
    db('documents')
      .where({ organization_id, id })
      .first<Content>(...CONTENT),
    readLines(db, key),
  ]);
  return { ...fields, lines };
}

/**
 * Changes some of a document's content, recomputes its totals and stores it. Returns whether anything changed.
 * @throws Invalid if an amount is too large to be exact.
 */
export async function changeContent(
  db: Knex.Transaction,
  key: DocumentKey,
  change: (content: Content) => Partial<Omit<Content, 'lines'>> & { lines?: NewLine[] },
): Promise<boolean> {
  const { organization_id, id } = key;
  const before = await readContent(db, key);
  const after = validatedTotals({ ...before, ...change(before) });
  if (JSON.stringify(withTotals(before)) === JSON.stringify(after)) return false;
  const { lines, taxes: _taxes, ...changed } = after;
  const sha256 = hashOfContent(JSON.stringify(after));
  await send(
    db,
    db('documents')
      .where({ organization_id, id })
      .update({ ...changed, sha256, updated_at: db.raw('app_now()') }),
  );
  await replaceLines(db, key, lines);
  await indexWords(db, key);
  return true;
}

/** Has the document found by the words of its lines and of who takes part, once they are stored. */
export const indexWords = (db: Knex.Transaction, { organization_id, id }: DocumentKey): Promise<void> =>
  send(db, db.raw('select index_subject(?, ?)', [organization_id, id]));

export async function replaceLines(
  db: Knex.Transaction,
  { organization_id, id }: DocumentKey,
  lines: Line[],
): Promise<void> {
  await send(db, db('lines').where({ organization_id, document_id: id }).delete());
  const rows = lines.map((line) => ({
    ...{ ...line, organization_id, document_id: id },
    taxes: JSON.stringify(line.taxes ?? []),
  }));
  if (rows.length) await send(db, db('lines').insert(rows));
}
