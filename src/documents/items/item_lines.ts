import type { Knex } from 'knex';
import { send } from '../../db/writing/transaction.js';
import type { Line } from '../content/content.js';

interface Key {
  organization_id: string;
  id: string;
}

/** The item of each line, in their order; null: of none. */
export type LineItems = readonly (string | null)[];

/** Forgets which items a document's lines were of, before its lines are stored: they may inherit some. */
export const forgetItems = (db: Knex.Transaction, { organization_id, id }: Key): Promise<void> =>
  send(db, db('item_lines').where({ organization_id, document_id: id }).delete());

/** Notes which items a document's lines are of. What is no item of the organization is left out. */
export async function keepItems(
  db: Knex.Transaction,
  { organization_id, id, partner_id }: Key & { partner_id: string | null },
  lines: readonly Line[],
  items: LineItems,
): Promise<void> {
  const pairs = lines.flatMap((line, n) => (items[n] ? [{ line: line.id, item: items[n] }] : []));
  if (!pairs.length) return;
  const values = { organization_id, document: id, partner_id };
  const given = { lines: pairs.map(({ line }) => line), items: pairs.map(({ item }) => item) };
  await send(db, db.raw(KEEP, { ...values, ...given }));
}

const KEEP = `insert into item_lines (organization_id, document_id, line_id, item_id, partner_id)
  select i.organization_id, :document::uuid, x.line, i.id, :partner_id::uuid
  from unnest(:lines::uuid[], :items::uuid[]) x (line, item)
    cross join lateral (select i.organization_id, i.id from items i
      where i.organization_id = :organization_id::uuid and i.id = x.item limit 1) i
  on conflict (organization_id, document_id, line_id) do update set item_id = excluded.item_id`;

/** The items of a document's lines, in the order of these. */
export async function itemsOf(
  db: Knex.Transaction,
  { organization_id, id }: Key,
  lines: readonly Line[],
): Promise<LineItems> {
  const rows: { line_id: string; item_id: string }[] = await db('item_lines')
    .where({ organization_id, document_id: id })
    .select('line_id', 'item_id');
  const found = new Map(rows.map(({ line_id, item_id }) => [line_id, item_id]));
  return lines.map((line) => found.get(line.id) ?? null);
}
