import type { Knex } from 'knex';
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

interface Which {
  organization_id: string;
  id: string;
}

/** A document's lines as they stand, in order. */
export const linesOf = (db: Knex.Transaction, { organization_id, id }: Which): Promise<Line[]> =>
  db('lines')
    .where({ organization_id, document_id: id })
    .orderBy('position')
    .select(...LINE);

/** All that a document says now. */
export async function readContent(db: Knex.Transaction, which: Which): Promise<Content> {
  const { organization_id, id } = which;
  const fields = await db('documents')
    .where({ organization_id, id })
    .first<Content>(...CONTENT);
  return { ...fields, lines: await linesOf(db, which) };
}

/**
 * Changes some of a document's content, counts it anew and keeps it; nobody's recipients change. Returns whether
 * anything did change.
 */
export async function changeContent(
  db: Knex.Transaction,
  which: Which,
  change: (content: Content) => Partial<Omit<Content, 'lines'>> & { lines?: NewLine[] },
): Promise<boolean> {
  const { organization_id, id } = which;
  const before = await readContent(db, which);
  const after = validatedTotals({ ...before, ...change(before) });
  if (JSON.stringify(withTotals(before)) === JSON.stringify(after)) return false;
  const { lines, taxes: _taxes, ...changed } = after;
  const sha256 = hashOfContent(JSON.stringify(after));
  await db('documents')
    .where({ organization_id, id })
    .update({ ...changed, sha256, updated_at: db.raw('app_now()') });
  await replaceLines(db, which, lines);
  return true;
}

/** Puts these lines in the place of the old ones. */
export async function replaceLines(db: Knex.Transaction, { organization_id, id }: Which, lines: Line[]): Promise<void> {
  await db('lines').where({ organization_id, document_id: id }).delete();
  if (lines.length) await db('lines').insert(lines.map((line) => ({ ...line, organization_id, document_id: id })));
}
