import type { Knex } from 'knex';
import type { Difference } from '../../activity/difference.js';
import { finds } from '../../db/planner.js';
import { type Actor, firstRow, type Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import type { Facts } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { OTHERS_MAY_APPROVE, TWO_APPROVALS } from '../approvals/approval_sql.js';
import { CREDIT, LEFT, OPEN, PAYING, REFUNDABLE, REVERSIBLE } from './sums.js';

/** A document's row, with the facts that its actions depend on. Amounts in minor units, days as ISO 8601. */
export interface Document extends Facts {
  organization_id: string;
  id: string;
  type: string;
  number: string | null;
  state: string;
  /** Null for a request for proposal, which goes to several vendors. */
  partner_id: string | null;
  origin_id: string | null;
  project_id: string | null;
  title: string;
  currency: string;
  issued_on: string;
  delivery_on: string | null;
  pay_on: string | null;
  /** Of an approved bill that may be paid early: how much is deducted, up to which day. */
  discount_percent: string;
  discount_until: string | null;
  reference: string;
  terms: string;
  note: string;
  tax_included: boolean;
  deposit_percent: string;
  subtotal: number;
  tax: number;
  total: number;
  version: number;
  sha256: string;
  /** The changes that a vendor proposes to an order. */
  proposed: Difference[] | null;
  /** Between a bill and its order; null: none. */
  differences: Difference[] | null;
  /** Of an order: what its bills or invoices come to, before tax. */
  billed: number;
  /** How much of an order's own amount they take, before tax. */
  taken: number;
  /** The quantities billed, by line, as decimal strings; null while nothing is. */
  billed_lines: Record<string, string> | null;
  /** Lines of it are of items of its project's budget. */
  budgeted?: boolean;
  /** Lines of it bill time that was logged. */
  bills_time?: boolean;
}

const OF = 'e.organization_id = d.organization_id and e.document_id = d.id';
const ON_SUBJECT = 'e.organization_id = d.organization_id and e.subject_id = d.id';

const ZONE = '(select o.time_zone from organizations o where o.id = d.organization_id)';

/** Those of the organization; none if they were stopped for this partner, or it is told with what it charges for. */
const REMINDER_DAYS = `case
  when (select p.reminders_stopped_at from partners p where p.organization_id = d.organization_id and p.id = d.partner_id)
    is not null then '{}'::smallint[]
  when d.late_charge and (select sum(l.amount) from ledger_entries l
    where l.organization_id = d.organization_id and l.document_id = d.origin_id) > 0 then '{}'
  else (select o.reminder_days from organizations o where o.id = d.organization_id) end`;

/** Whether a gateway takes it by a method that the organization, the document and its partner allow. */
export const ONLINE = `(select o.gateway is not null and methods_offered(o.online_methods, d.card_allowed,
    d.bank_debit_allowed and coalesce((select p.bank_debit_allowed from partners p
      where p.organization_id = d.organization_id and p.id = d.partner_id), false)) <> '{}'
  from organizations o where o.id = d.organization_id)`;

const CHARGING = finds(`scheduled_charges c
  where c.organization_id = d.organization_id and c.document_id = d.id and c.state = 'scheduled'`);

/** The derived `Facts` of a document `d`, as SQL for a select list. */
export const FACTS = `${OPEN} as open, ${CREDIT} as credit, ${LEFT} as left,
  ${ONLINE} as online,
  ${ZONE} as organization_zone,
  ${PAYING} as paying, ${REVERSIBLE} as reversible, ${REFUNDABLE} as refundable,
  (select count(*)::int from activities e where ${ON_SUBJECT} and e.action = 'remind') as reminders,
  (select (e.created_at at time zone ${ZONE})::date from activities e where ${ON_SUBJECT} and e.action = 'remind'
    order by e.id desc limit 1) as reminded_on,
  ${REMINDER_DAYS} as reminder_days,
  (select (e.created_at at time zone ${ZONE})::date from versions e where ${OF} order by e.version desc limit 1) as sent_on,
  ${CHARGING} as charging,
  d.proposed is not null as changes_proposed,
  ${TWO_APPROVALS} as two_approvals, ${OTHERS_MAY_APPROVE} as others_may_approve`;

/** Starts every read of documents, so that what an actor may see is decided once; row security decides it again. */
export function visibleTo(db: Knex, actor: Actor) {
  const documents = db('documents as d').where('d.organization_id', actor.organization_id);
  if (actor.subject_ids) void documents.whereIn('d.id', actor.subject_ids);
  if (actor.side === 'partner') void documents.where('d.partner_id', actor.partner_id);
  if (actor.side !== 'system')
    void documents.where((visible) => visible.where('d.started_by', actor.side).orWhereNot('d.state', 'draft'));
  return documents;
}

/** A document by its number, or by its id (drafts have no number), if the actor may see it. */
export function visibleDocument(db: Knex.Transaction, actor: Actor, numberOrId: string): Promise<Document | undefined> {
  const query = visibleTo(db, actor)
    .where(isId(numberOrId) ? { 'd.id': numberOrId } : { 'd.number': numberOrId })
    .select('d.*', db.raw(FACTS));
  return firstRow<Document>(db, query);
}

/** The same. @throws NotFound if there is none, or it is hidden */
export async function findDocument(db: Knex.Transaction, actor: Actor, numberOrId: string): Promise<Document> {
  const document = await visibleDocument(db, actor, numberOrId);
  if (!document) throw new NotFound();
  return document;
}

/** A document of this number or id with the facts that its actions depend on, as far as its reader may see it. */
export function documentFacts({ organization_id }: Actor, numberOrId: string): Query<Document> {
  const column = isId(numberOrId) ? 'id' : 'number';
  return {
    name: `document_facts_by_${column}`,
    text: `select d.*, ${FACTS} from documents d where d.organization_id = $1 and d.${column} = $2`,
    values: [organization_id, numberOrId],
  };
}

/**
 * Locks other documents that an act decides about, as acts on them do: who has begun one ends it first. Read their state
 * after that.
 */
export async function lockDocuments(db: Knex.Transaction, organization_id: string, ids: readonly string[]) {
  await db('subjects').where({ organization_id }).whereIn('id', ids).orderBy('id').forNoKeyUpdate().select('id');
}

/** The last part of its URL. */
export const keyOf = ({ number, id }: Pick<Document, 'number' | 'id'>) => number ?? id;

/** Narrows the type to a document with a partner. @throws Error for a request for proposal, which has none. */
export function requirePartner<D extends Pick<Document, 'partner_id'>>(document: D): D & { partner_id: string } {
  const { partner_id } = document;
  if (!partner_id) throw new Error('This document has no partner of its own.');
  return { ...document, partner_id };
}
