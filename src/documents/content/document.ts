import type { Knex } from 'knex';
import { type Actor, firstRow } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import type { Facts } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { CREDIT, LEFT, OPEN } from './sums.js';

/** A document's row with what its actions depend on. Amounts in minor units, days as ISO 8601. */
export interface Document extends Facts {
  organization_id: string;
  id: string;
  type: string;
  number: string | null;
  state: string;
  /** Null only for what goes to many: a request for proposal. */
  partner_id: string | null;
  origin_id: string | null;
  project_id: string | null;
  title: string;
  currency: string;
  issued_on: string;
  delivery_on: string | null;
  pay_on: string | null;
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
  /** A vendor's wishes for the lines of an order. */
  proposed: Proposed | null;
  differences: Difference[] | null;
}

/**
 * What a vendor would rather have, line by line. Decimal strings; days as ISO 8601; what is missing stays as it was.
 */
export interface Proposed {
  lines: {
    id: string;
    what: string;
    was: { quantity: string; unit_price: string; delivery_on: string | null };
    quantity?: string;
    unit_price?: string;
    delivery_on?: string;
  }[];
}

/** How a line of a bill differs from its order. Before and after in words or decimals; amounts in minor units. */
export interface Difference {
  line: string | null;
  what: string;
  why: 'price' | 'quantity' | 'tax' | 'words' | 'added' | 'missing';
  before: string;
  after: string;
  /** By how much the amount is higher than expected. */
  amount: number;
}

const OF = 'e.organization_id = d.organization_id and e.document_id = d.id';

/**
 * The derived facts of a document `d`, for a select list: what is owed, whether a payment is on its way, how often we
 * reminded.
 */
export const FACTS = `${OPEN} as open, ${CREDIT} as credit, ${LEFT} as left,
  exists (select from organizations o where o.id = d.organization_id and o.gateway is not null) as online,
  exists (select from payments e where ${OF} and e.state = 'processing') as paying,
  (select count(*)::int from activities e where ${OF} and e.action = 'remind') as reminders,
  (select max(e.created_at)::date from activities e where ${OF} and e.action = 'remind') as reminded_on,
  (select max(e.created_at)::date from versions e where ${OF}) as sent_on,
  d.proposed is not null as changes_proposed`;

/** Every read of documents starts here, so what a person may see is decided once; row security decides it again. */
export function visibleTo(db: Knex, actor: Actor) {
  const documents = db('documents as d').where('d.organization_id', actor.organization_id);
  if (actor.document_ids) void documents.whereIn('d.id', actor.document_ids);
  if (actor.side === 'partner') void documents.where('d.partner_id', actor.partner_id);
  if (actor.side !== 'system')
    void documents.where((seen) => seen.where('d.started_by', actor.side).orWhereNot('d.state', 'draft'));
  return documents;
}

/**
 * By its number as people see it, or by its id (a draft has no number). @throws NotFound if it is missing or not this
 * actor's to see.
 */
export async function findDocument(db: Knex.Transaction, actor: Actor, numberOrId: string): Promise<Document> {
  const found = visibleTo(db, actor)
    .where(isId(numberOrId) ? { 'd.id': numberOrId } : { 'd.number': numberOrId })
    .select('d.*', db.raw(FACTS));
  const document = await firstRow<Document>(db, found);
  if (!document) throw new NotFound();
  return document;
}

/** What its URL ends with. */
export const keyOf = ({ number, id }: Pick<Document, 'number' | 'id'>) => number ?? id;

/**
 * The document as one that concerns a partner. @throws Error for one that goes to many: no action of it asks for
 * this.
 */
export function requirePartner<D extends Pick<Document, 'partner_id'>>(document: D): D & { partner_id: string } {
  const { partner_id } = document;
  if (!partner_id) throw new Error('This document has no partner of its own.');
  return { ...document, partner_id };
}
