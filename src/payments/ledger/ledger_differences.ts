import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { quotedNames } from '../../document_types/type_sql.js';

/** A document that the ledger doesn't agree with: its state, or one of its payments, says something else. */
export interface LedgerDifference {
  /** A draft has none, which no money belongs to. */
  number: string | null;
  about: 'state' | 'payment';
  /** The state of the document, or of the payment. */
  state: string;
  /** What the ledger has for it, in minor units. */
  booked: number;
}

const branches = (type: DocumentType, names: readonly string[]) =>
  Object.values(type.actions).flatMap(({ to }) =>
    typeof to === 'object' ? names.flatMap((name) => to[name] ?? []) : [],
  );

const cleared = (type: DocumentType) =>
  Object.values(type.actions).flatMap(({ effect, to }) => (effect === 'clear' && typeof to === 'string' ? to : []));

/** SQL: documents of a type whose state says that something is open, or nothing, while the ledger says otherwise. */
const stateDiffers = (type: DocumentType) => {
  const settled = [...new Set([...branches(type, ['settled']), ...cleared(type)])];
  const open = [...new Set(branches(type, ['open', 'unpaid']))];
  return `d.type = '${type.name}' and (d.state in (${quotedNames(settled)}) and coalesce(b.amount, 0) <> 0
    or d.state in (${quotedNames(open)}) and coalesce(b.amount, 0) = 0)`;
};

// What a credit note still gives is booked as the partner's credit, with it as its source.
const BOOKED = `select coalesce(document_id, source_id) as document_id, document_id is null as credit,
    sum(amount)::bigint as amount
  from ledger_entries where organization_id = :id group by 1, 2`;

const STATES = `select d.number, 'state' as about, d.state, coalesce(b.amount, 0) as booked
  from documents d
    left join booked b on b.document_id = d.id and b.credit = (d.type in (${quotedNames(
      types.filter(({ owes }) => owes === 'credit').map(({ name }) => name),
    )}))
  where d.organization_id = :id and (${types
    .filter(({ owes }) => owes)
    .map((type) => `(${stateDiffers(type)})`)
    .join(' or ')})`;

const PAYMENTS = `select d.number, 'payment' as about, p.state, coalesce(e.paid, 0) as booked
  from payments p
    cross join lateral (
      select min(d.number) as number, sum(x.amount)::bigint as amount, bool_and(x.state = p.state) as agreed
      from payment_parts x join documents d on d.organization_id = x.organization_id and d.id = x.document_id
      where x.organization_id = p.organization_id and x.payment_id = p.id) d
    left join (
      select payment_id, sum(amount)::bigint as total, (sum(amount) filter (where kind in ('payment', 'reversal')))::bigint as paid
      from ledger_entries where organization_id = :id and payment_id is not null group by 1) e on e.payment_id = p.id
  where p.organization_id = :id and (not d.agreed or d.amount <> p.amount or case p.state
    when 'succeeded' then abs(coalesce(e.paid, 0)) <> p.amount
    when 'reversed' then coalesce(e.total, 0) <> 0
    else e.payment_id is not null end)`;

/** Where an organization's ledger, documents and payments don't agree: 20 at most. As one statement, it sees one moment. */
export async function ledgerDifferences(db: Knex, id: string): Promise<LedgerDifference[]> {
  const { rows } = await withActor(db, systemActor(id), (db) =>
    db.raw<{ rows: LedgerDifference[] }>(
      `with booked as (${BOOKED}) ${STATES} union all ${PAYMENTS} order by number, about limit 20`,
      { id },
    ),
  );
  return rows;
}
