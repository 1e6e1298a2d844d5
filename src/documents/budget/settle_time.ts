import type { Knex } from 'knex';
import { send } from '../../db/writing/transaction.js';
import { typeNamed } from '../../document_types/index.js';
import { quotedNames } from '../../document_types/type_sql.js';
import type { Document } from '../content/document.js';
import { CREDITED } from './budget_classes.js';

type Billing = Pick<Document, 'organization_id' | 'id' | 'type' | 'origin_id' | 'bills_time'>;

/**
 * Has the time that an invoice bills follow its lines: time of a line that is gone or credited in full, or of an
 * invoice that is discarded or void, can be billed again; a line that counts again takes its time back, unless it is
 * billed elsewhere by then. After each act on the invoice, or on what credits it.
 */
export async function settleTime(db: Knex.Transaction, document: Billing): Promise<void> {
  const { organization_id, id, type, origin_id } = document;
  const invoice = document.bills_time ? id : typeNamed(type).owes === 'credit' ? origin_id : null;
  if (!invoice) return;
  const values = { organization_id, invoice };
  // Of two credits at the same time the second one counts the first.
  if (invoice !== id && !(await lockBilling(db, values))) return;
  await send(db, db.raw(FREE, values));
  await send(db, db.raw(TAKE, values));
}

/** Whether it bills time at all. */
const lockBilling = (
  db: Knex.Transaction,
  { organization_id, invoice: id }: { organization_id: string; invoice: string },
) => db('documents').where({ organization_id, id, bills_time: true }).forNoKeyUpdate().first('id');

/** What credits a line `l` of the invoice `d`. */
const CREDIT = `(select sum(n.amount) from documents c cross join lateral (select n.amount from lines n
    where n.organization_id = c.organization_id and n.document_id = c.id and n.origin_line = l.id) n
  where c.organization_id = d.organization_id and c.origin_id = d.id and (${CREDITED.replaceAll('d.', 'c.')}))`;

const NO_MORE = quotedNames(['discarded', 'void']);
const INVOICE = 'd.organization_id = :organization_id and d.id = :invoice';

/** The lines of the invoice that bill what they are for. */
const BILLING = `select l.id from documents d cross join lateral (select l.id, l.amount from lines l
    where l.organization_id = d.organization_id and l.document_id = d.id) l
  where ${INVOICE} and d.state not in (${NO_MORE}) and coalesce(${CREDIT} < l.amount, true)`;

/** Time without a line was billed before lines were noted. */
const FREE = `update time_costs c set invoice_id = null
  where c.organization_id = :organization_id and c.invoice_id = :invoice
    and case when c.line_id is null then (select d.state in (${NO_MORE}) from documents d where ${INVOICE})
      else c.line_id <> all (array(${BILLING})) end`;

const TAKE = `update time_costs c set invoice_id = :invoice
  where c.organization_id = :organization_id and c.line_id = any (array(${BILLING})) and c.invoice_id is null`;
