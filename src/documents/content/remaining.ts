import Big from 'big.js';
import type { Knex } from 'knex';
import type { Line } from './content.js';
import { COUNTED } from './sums.js';

/**
 * What is left of each of an order's lines, by its id, as a decimal string: ordered less what was billed or invoiced;
 * `but` one document.
 */
export async function remaining(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
  lines: Pick<Line, 'id' | 'quantity'>[],
  but: string | null = null,
): Promise<Map<string, string>> {
  const { rows } = await db.raw<{ rows: { line: string; quantity: string }[] }>(
    `select l.origin_line as line, sum(l.quantity)::text as quantity
     from documents d join documents m on ${COUNTED} join lines l on l.organization_id = m.organization_id and l.document_id = m.id
     where d.organization_id = ? and d.id = ? and m.id is distinct from ?::uuid and l.origin_line is not null group by l.origin_line`,
    [organization_id, id, but],
  );
  const used = new Map(rows.map(({ line, quantity }) => [line, quantity]));
  return new Map(
    lines.map((line) => [
      line.id,
      Big(line.quantity)
        .minus(used.get(line.id) ?? 0)
        .toString(),
    ]),
  );
}
