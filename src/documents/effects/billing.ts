import Big from 'big.js';
import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import { addDays, today } from '../content/days.js';
import { readLines } from '../content/content_store.js';
import { type Document, requirePartner } from '../content/document.js';
import type { ActContext, FollowUpAct, EffectResult } from '../acting/context.js';
import { findDifferences } from './match.js';
import { contactParticipants, addParticipants, followingStaff } from '../content/participants.js';
import { remainingQuantities } from '../content/sums.js';
import { COUNTED } from '../content/sums.js';

/**
 * What is billed or invoiced of an order is counted anew there, whenever a bill or invoice made from it comes,
 * changes or goes.
 */
export const countTowardsOrder = ({ origin_id, number }: Document): FollowUpAct[] =>
  origin_id ? [{ id: origin_id, action: 'count', input: { number: number ?? '' } }] : [];

/**
 * None, some or all of an order, and how much of it: kept with the event, so that its page can say so to whoever sees
 * the order alone.
 */
export async function countBilled(db: Knex.Transaction, { document }: ActContext): Promise<EffectResult> {
  if (document.type === 'credit_note') return { open: document.open };
  const lines = await readLines(db, document);
  const left = await remainingQuantities(db, document, lines);
  const all = lines.every(({ id }) => Number(left.get(id)) <= 0);
  const none = lines.every(({ id, quantity }) => Number(left.get(id)) === Number(quantity));
  const billed = await billedOf(db, document);
  const quantities = lines.map(({ id, quantity }) => [
    id,
    Big(quantity)
      .minus(left.get(id) ?? 0)
      .toString(),
  ]);
  const branch = all ? 'all' : none && !billed ? 'none' : 'some';
  return { branch, details: { billed, quantities: Object.fromEntries(quantities) } };
}

/** What the bills or invoices of an order come to, before tax. */
async function billedOf(db: Knex.Transaction, { organization_id, id }: Document): Promise<number> {
  const { rows } = await db.raw<{ rows: { billed: number }[] }>(
    `select coalesce(sum(m.subtotal), 0)::bigint as billed from documents d join documents m on ${COUNTED} where d.organization_id = ? and d.id = ?`,
    [organization_id, id],
  );
  return rows[0]?.billed ?? 0;
}

/**
 * A bill comes in: held against its order, counted there, and told to those who deal with it.
 * @throws Invalid if the vendor has sent a bill with that number before.
 */
export async function match(db: Knex.Transaction, { document }: ActContext): Promise<EffectResult> {
  await refuseTwice(db, document);
  const { organization_id, id } = document;
  await addParticipants(db, document, await followingStaff(db, document));
  if (!(await contactParticipants(db, document)).length)
    await addParticipants(db, document, await contactsFor(db, document));
  const differences = await findDifferences(db, document);
  await db('documents')
    .where({ organization_id, id })
    .update({ differences: differences.length ? JSON.stringify(differences) : null });
  const by = differences.reduce((sum, { amount }) => sum + amount, 0);
  return {
    branch: differences.length ? 'differs' : 'equal',
    details: { amount: document.total, differs: by },
    followUps: countTowardsOrder(document),
  };
}

/** Who of the vendor hears of a bill that staff have entered: those of its order, or else their first contact. */
async function contactsFor(db: Knex.Transaction, document: Document): Promise<string[]> {
  const { organization_id, origin_id, partner_id } = requirePartner(document);
  const known = origin_id ? await contactParticipants(db, { organization_id, id: origin_id }) : [];
  if (known.length) return known.map(({ id }) => id);
  return db('people').where({ organization_id, partner_id, removed_at: null }).orderBy('id').limit(1).pluck('id');
}

async function refuseTwice(db: Knex.Transaction, document: Document): Promise<void> {
  const { organization_id, id, partner_id, reference } = requirePartner(document);
  if (!reference) return;
  // Two at once: the second waits here, and then sees the first.
  await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('id');
  const twin = await db('documents')
    .where({ organization_id, partner_id, type: 'bill' })
    .whereRaw('lower(reference) = lower(?)', [reference])
    .whereNotIn('state', ['draft', 'void'])
    .whereNot({ id })
    .first('number');
  if (twin) throw new Invalid({ reference: `A bill with this number has been sent already: ${twin.number}.` });
}

/** When an approved bill is to be paid: by its own date, or else by the vendor's terms. */
export async function setPayDate(db: Knex.Transaction, { document, actor }: ActContext): Promise<string> {
  const { organization_id, id, partner_id, due_on, issued_on } = requirePartner(document);
  const { terms_days } = await db('partners').where({ organization_id, id: partner_id }).first('terms_days');
  const pay_on = due_on ?? [addDays(issued_on, terms_days), today(actor)].toSorted().at(-1) ?? issued_on;
  await db('documents').where({ organization_id, id }).update({ pay_on });
  return pay_on;
}

export async function schedule(db: Knex.Transaction, { document, answers, actor }: ActContext): Promise<EffectResult> {
  const pay_on = String(answers['pay_on']);
  if (pay_on < today(actor)) throw new Invalid({ pay_on: 'This day has passed.' });
  const { organization_id, id } = document;
  await db('documents').where({ organization_id, id }).update({ pay_on });
  return {};
}
