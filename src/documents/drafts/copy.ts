import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import { has, typeNamed } from '../../document_types/index.js';
import { takersOf } from '../../document_types/relations.js';
import { Conflict } from '../../errors.js';
import { addDays, today } from '../../pages/days.js';
import { partnerForNew } from '../../people/partner.js';
import { CONTENT, type Content, withTotals, type Line, type NewLine } from '../content/content.js';
import { readLines } from '../content/content_store.js';
import type { Document } from '../content/document.js';
import { itemsOf } from '../items/item_lines.js';
import type { Draft } from './draft.js';
import { contactParticipants } from '../../subjects/participants.js';
import { remainingQuantities } from '../content/sums.js';
import { insertDraft } from './create.js';
import { isCounted } from '../content/totals.js';
import { copyBudgetLines } from '../budget/recount_budget.js';

/**
 * Creates a draft from a document: of another type, or a copy, of the same type. A partner's draft that was begun
 * already, perhaps on another device, is found again. Returns its id. @throws Invalid if a copy is for an archived partner
 */
export async function copyAsDraft(
  db: Knex.Transaction,
  actor: Actor,
  document: Document,
  type: string,
): Promise<string> {
  const is_copy = type === document.type;
  const begun = actor.side === 'partner' && !is_copy ? await draftBegun(db, document, type) : null;
  if (begun) return begun;
  if (is_copy && document.partner_id)
    await partnerForNew(
      db,
      { organization_id: document.organization_id, id: document.partner_id },
      typeNamed(type).partner,
    );
  const draft = await draftFrom(db, actor, document, type);
  const made = await insertDraft(
    db,
    actor,
    type,
    document.partner_id,
    draft,
    is_copy ? {} : { origin_id: document.id },
  );
  if (is_copy && document.budgeted) await copyBudgetLines(db, document, made);
  return made;
}

/** The id of the draft that the partner has begun from a document; null if there is none. */
export async function draftBegun(
  db: Knex.Transaction,
  { organization_id, id: origin_id }: Pick<Document, 'organization_id' | 'id'>,
  type: string,
): Promise<string | null> {
  const [state] = typeNamed(type).states;
  const begun = { organization_id, origin_id, type, state, started_by: 'partner' };
  return (await db('documents').where(begun).orderBy('id', 'desc').first('id'))?.id ?? null;
}

/** The draft of `type` that a document leads to. A bill or invoice of an order starts with what isn't billed yet. */
export async function draftFrom(db: Knex.Transaction, actor: Actor, document: Document, type: string): Promise<Draft> {
  const { organization_id, id } = document;
  const lines = await readLines(db, document);
  const recipient_ids = (await contactParticipants(db, document)).map((contact) => contact.id);
  const fields = await db('documents')
    .where({ organization_id, id })
    .first<Content>(...CONTENT);
  const content = withTotals({
    ...fields,
    ...(await newFields(db, actor, document, type)),
    lines: await linesToCopy(db, document, lines, type),
  });
  // What is made from it inherits them by its lines (a trigger); a copy has no such line.
  const items = type === document.type ? await itemsOf(db, document, lines) : undefined;
  return { content, recipient_ids, project_id: document.project_id, items };
}

/** The fields that a new document doesn't take over: its dates, and what its type lacks. */
async function newFields(
  db: Knex.Transaction,
  actor: Actor,
  { organization_id, partner_id, ...document }: Document,
  type: string,
) {
  const to = typeNamed(type);
  const issued_on = today(actor);
  const partner = partner_id
    ? await db('partners').where({ organization_id, id: partner_id }).first('terms_days')
    : null;
  const defaults = await db('type_defaults').where({ organization_id, type }).first('terms', 'note');
  const same = type === document.type;
  return {
    issued_on,
    due_on: to.owes === 'receivable' || to.owes === 'payable' ? addDays(issued_on, partner?.terms_days ?? 30) : null,
    delivery_on: has(to, 'delivery') ? document.delivery_on : null,
    reference: same || has(to, 'their_number') ? '' : document.reference,
    note: same ? document.note : (defaults?.note ?? ''),
    terms: same ? document.terms : (defaults?.terms ?? ''),
    deposit_percent: same ? document.deposit_percent : '0',
    reference_required: same && document.reference_required,
    signature_required: has(to, 'signature') && document.signature_required,
    partial_payments: has(to, 'partial_payments') && (same ? document.partial_payments : true),
    ...(same ? {} : { card_allowed: true, bank_debit_allowed: true }),
  };
}

/** The lines that count; where they are used up, with what is left of them. @throws Conflict if that is nothing */
async function linesToCopy(db: Knex.Transaction, document: Document, lines: Line[], type: string): Promise<NewLine[]> {
  if (type === document.type) return copyLines(lines).map((line) => ({ ...line, origin_line: null }));
  const limited = takersOf(typeNamed(document.type)).some(({ name }) => name === type);
  const remaining = limited ? await remainingQuantities(db, document, lines) : null;
  const left = lines.filter(isCounted).flatMap((line) => {
    const quantity = remaining ? remaining.get(line.id) : line.quantity;
    if (quantity === undefined || (remaining && Number(quantity) <= 0)) return [];
    return { ...line, quantity, id: null, origin_line: line.id, choice: '' as const, picked: true, refused: false };
  });
  if (remaining && !left.length)
    throw new Conflict('Nothing is left of {{document}}.', { document: document.number ?? '' });
  return left;
}

/** The same lines for another document, each with the line that it was made from. */
export const copyLines = (lines: Line[]): NewLine[] =>
  lines.map((line) => ({ ...line, id: null, origin_line: line.id }));
