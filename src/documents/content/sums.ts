/** Sums over documents `d`, as SQL for a select list. Amounts in minor units. */

const ENTRIES = 'from ledger_entries e where e.organization_id = d.organization_id and';

/** What is open: owed by the partner; on a bill, owed to them; on a credit note, what is left of it. */
export const OPEN = `coalesce(case d.type
  when 'credit_note' then (select -sum(e.amount) ${ENTRIES} e.source_id = d.id and e.document_id is null)
  when 'bill' then (select -sum(e.amount) ${ENTRIES} e.document_id = d.id)
  else (select sum(e.amount) ${ENTRIES} e.document_id = d.id) end, 0)::bigint`;

/** The partner's credit in the document's currency; only invoices can use it. */
export const CREDIT = `case when d.type = 'invoice' then
  greatest(0, coalesce((select -sum(e.amount) ${ENTRIES} e.partner_id = d.partner_id and e.currency = d.currency and e.document_id is null), 0)) else 0 end::bigint`;

/** The documents that count towards an order `d`: those made from it that were sent and still stand. */
export const COUNTED = `m.organization_id = d.organization_id and m.origin_id = d.id
  and ((m.type = 'bill' and m.state not in ('draft', 'void', 'rejected', 'in_revision')) or (m.type = 'invoice' and m.state not in ('draft', 'void')))`;

/** What of an order is not billed or invoiced yet, before tax. */
export const LEFT = `case when d.type in ('sales_order', 'purchase_order', 'work_order') then
  greatest(0, d.subtotal - coalesce((select sum(m.subtotal) from documents m where ${COUNTED}), 0)) else 0 end::bigint`;
