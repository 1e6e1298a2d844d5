import Big from 'big.js';
import type { Knex } from 'knex';
import { finds } from '../../db/planner.js';
import { type DocumentType, typeNamed, types } from '../../document_types/index.js';
import { billingTypes, orderTypes, takersOf, takesCredit, typesThatOwe } from '../../document_types/relations.js';
import { isOneOf, quotedNames } from '../../document_types/type_sql.js';
import type { Line } from './content.js';

// Sums over documents `d`, as SQL for a select list. Amounts in minor units.

const ENTRIES = 'from ledger_entries e where e.organization_id = d.organization_id and';

/** What is open: owed by the partner; on a bill, owed to them; on a credit note, what is left of it. */
export const OPEN = `coalesce(case
  when ${isOneOf('d.type', typesThatOwe('credit'))}
    then (select -sum(e.amount) ${ENTRIES} e.source_id = d.id and e.document_id is null)
  else case when ${isOneOf('d.type', typesThatOwe('payable'))} then -1 else 1 end
    * (select sum(e.amount) ${ENTRIES} e.document_id = d.id) end, 0)::bigint`;

/** Whether a payment is on its way: a partner's, or of a bill one by a payment run, which staff alone see. */
export const PAYING = `case when ${isOneOf('d.type', typesThatOwe('payable'))}
  then ${finds('payment_run_bills e where e.organization_id = d.organization_id and e.document_id = d.id and e.live')}
  else ${finds(`payment_parts e
    where e.organization_id = d.organization_id and e.document_id = d.id and e.state = 'processing'`)} end`;

/** Whether a payment was recorded that still counts. */
export const REVERSIBLE = `coalesce((select p.gateway = 'recorded' from payment_parts e
  cross join lateral (select gateway from payments p
    where p.organization_id = e.organization_id and p.id = e.payment_id limit 1) p
  where e.organization_id = d.organization_id and e.document_id = d.id and e.state = 'succeeded'
  order by 1 desc limit 1), false)`;

/** Whether a payment has arrived. */
export const REFUNDABLE = `coalesce((select true from payment_parts e where e.organization_id = d.organization_id
  and e.document_id = d.id and e.state = 'succeeded' limit 1), false)`;

/** The partner's credit in the document's currency; zero where it can't be used. */
export const CREDIT = `case when ${isOneOf('d.type', types.filter(takesCredit))} then greatest(0, coalesce((
  select -c.amount from credits c where c.organization_id = d.organization_id and c.partner_id = d.partner_id
    and c.currency = d.currency), 0)) else 0 end::bigint`;

/** Whether a document `m` is of this type, sent, and still in effect. */
export const countedSql = ({ name, states, uncounted = [] }: DocumentType) =>
  `(m.type = '${name}' and m.state not in (${quotedNames([states[0], ...uncounted])}))`;

/** Joins the documents `m` that bill or invoice an order `d`: made from it, sent, and still in effect. */
export const COUNTED = `m.organization_id = d.organization_id and m.origin_id = d.id
  and (${billingTypes.map(countedSql).join(' or ')})`;

/** What of an order is not billed or invoiced yet, before tax: the same to who sees its bills and who doesn't. */
export const LEFT = `case when ${isOneOf('d.type', orderTypes)} then greatest(0, d.subtotal - d.taken) else 0 end::bigint`;

/**
 * By the ids of a document's lines, the quantity that nothing made from it has taken yet: billed, invoiced or ordered.
 * As a decimal string. `except`: a document that is not counted.
 */
export async function remainingQuantities(
  db: Knex.Transaction,
  { organization_id, id, type }: { organization_id: string; id: string; type: string },
  lines: Pick<Line, 'id' | 'quantity'>[],
  except: string | null = null,
): Promise<Map<string, string>> {
  const { rows } = await db.raw<{ rows: { line: string; quantity: string }[] }>(
    `select l.origin_line as line, sum(l.quantity)::text as quantity
     from documents m join lines l on l.organization_id = m.organization_id and l.document_id = m.id
     where m.organization_id = ? and m.origin_id = ? and m.id is distinct from ?::uuid
       and (${takersOf(typeNamed(type)).map(countedSql).join(' or ') || 'false'})
       and l.origin_line is not null and l.picked and not l.refused
     group by l.origin_line`,
    [organization_id, id, except],
  );
  const billed = new Map(rows.map(({ line, quantity }) => [line, quantity]));
  return new Map(
    lines.map((line) => [
      line.id,
      Big(line.quantity)
        .minus(billed.get(line.id) ?? 0)
        .toString(),
    ]),
  );
}
