import type { Knex } from 'knex';
import { has, typeNamed, types } from '../../document_types/index.js';
import { isOneOf } from '../../document_types/type_sql.js';
import { Invalid } from '../../errors.js';
import { today } from '../../pages/days.js';
import { type Document, lockDocuments, requirePartner } from '../content/document.js';
import type { FollowUpAct } from '../../acting/context.js';
import { beginApproval } from '../approvals/approvals.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { billedSoFar } from './billed_so_far.js';
import { agreedTerms, findDifferences } from './match.js';
import { contactParticipants, addParticipants, followingStaff } from '../../subjects/participants.js';
import { send } from '../../db/writing/transaction.js';

/**
 * The order of a bill or invoice counts again what is billed, whenever one is sent, changed or voided: it moves on, or
 * notes it where it can't.
 */
export const countTowardsOrder = ({ origin_id: id, number }: Document): FollowUpAct[] =>
  id ? ['count', 'note_billed'].map((action) => ({ id, action, input: { number: number ?? '' } })) : [];

/** Counts what of an order is billed, and stores it with the order. */
export async function countBilled(db: Knex.Transaction, { document }: ActContext): Promise<EffectResult> {
  const { organization_id, id, type } = document;
  if (typeNamed(type).owes === 'credit') return { open: document.open };
  const { branch, billed, taken, quantities } = await billedSoFar(db, document);
  const counted = { billed, taken, billed_lines: billed ? JSON.stringify(quantities) : null };
  await send(db, db('documents').where({ organization_id, id }).update(counted));
  return { branch, details: { billed } };
}

/**
 * Matches a bill with its order, and adds those who deal with it as participants.
 * @throws Invalid if the vendor has sent a bill with that number before.
 */
export async function match(db: Knex.Transaction, act: ActContext): Promise<EffectResult> {
  const { document } = act;
  await refuseDuplicate(db, document, document.reference);
  const { organization_id, id, origin_id } = document;
  // Of two bills of an order at the same time, the second sees what the first has billed.
  if (origin_id) await lockDocuments(db, organization_id, [origin_id]);
  await addParticipants(db, document, await followingStaff(db, document));
  if (!(await contactParticipants(db, document)).length)
    await addParticipants(db, document, await vendorContacts(db, document));
  await beginApproval(db, act);
  const differences = await findDifferences(db, document);
  await db('documents')
    .where({ organization_id, id })
    .update({ differences: differences.length ? JSON.stringify(differences) : null });
  const difference = differences.reduce((sum, { amount = 0 }) => sum + amount, 0);
  return {
    branch: differences.length ? 'differs' : 'equal',
    details: { amount: document.total, differs: difference },
    followUps: countTowardsOrder(document),
    document: { differences: differences.length ? differences : null },
  };
}

/** Whom to notify of a bill that staff entered: the contacts of its order, or else the vendor's first contact. */
async function vendorContacts(db: Knex.Transaction, document: Document): Promise<string[]> {
  const { organization_id, origin_id, partner_id } = requirePartner(document);
  const contacts = origin_id ? await contactParticipants(db, { organization_id, id: origin_id }) : [];
  if (contacts.length) return contacts.map(({ id }) => id);
  const known = db('people').where({ organization_id, partner_id, removed_at: null, guest: false });
  return known.orderBy('id').limit(1).pluck('id');
}

/** SQL, in the words of the index of these: documents that vendors number, once they are sent. */
const SENT_WITH_NUMBER = `${isOneOf(
  'type',
  types.filter((type) => has(type, 'their_number')),
)} and reference <> '' and state not in ('draft', 'discarded', 'void')`;

/** @throws Invalid if the vendor has sent another bill with this number of theirs */
export async function refuseDuplicate(db: Knex.Transaction, document: Document, reference: string): Promise<void> {
  const { organization_id, id, partner_id } = requirePartner(document);
  if (!reference) return;
  // Of two at the same time, the second waits here, and then sees the first.
  await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('id');
  const duplicate = await db('documents')
    .where({ organization_id, partner_id })
    .whereRaw(`${SENT_WITH_NUMBER} and reference_key = lower(?)`, [reference])
    .whereNot({ id })
    .first('number');
  const taken = 'A bill with this number has been sent already: {{number}}.';
  if (duplicate) throw new Invalid({ 'content.reference': taken }, { number: duplicate.number });
}

/**
 * Sets and returns when an approved bill is to be paid: by the agreed terms, or later if its vendor gives longer; with
 * an early-payment discount, on the last day that gives it.
 */
export async function setPayDate(db: Knex.Transaction, { document, actor }: ActContext): Promise<string> {
  const { organization_id, id, due_on } = document;
  const day = today(actor);
  const agreed = await agreedTerms(db, document);
  const due = [agreed.due_on, due_on ?? agreed.due_on, day].toSorted().at(-1) ?? agreed.due_on;
  const { discount_percent, discount_until } = agreed;
  const early = discount_until !== null && discount_until >= day;
  const pay_on = early && discount_until < due ? discount_until : due;
  const discount = early ? { discount_percent, discount_until } : {};
  await db('documents')
    .where({ organization_id, id })
    .update({ pay_on, ...discount });
  return pay_on;
}

/** Sets the day on which staff will pay a bill, or the rest of it. @throws Invalid if it has passed. */
export async function schedule(
  db: Knex.Transaction,
  { document, input: { pay_on }, actor }: ActContext<{ pay_on: string }>,
): Promise<EffectResult> {
  if (pay_on < today(actor)) throw new Invalid({ pay_on: 'This day has passed.' });
  const { organization_id, id, state } = document;
  await db('documents').where({ organization_id, id }).update({ pay_on });
  return { branch: state === 'partly_paid' ? 'partly' : 'unpaid' };
}
