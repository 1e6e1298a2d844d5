import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { Invalid, NotAllowed } from '../../errors.js';
import { type Account, postEntry } from './ledger.js';

/**
 * Gives the partner credit from a document (a credit note, a paid retainer and its `payment_id`): a ledger entry with
 * that document as its source and without a document of its own. An overpayment's has no source, see `recordPayment`.
 */
export async function giveCredit(
  db: Knex.Transaction,
  account: Account,
  amount: number,
  payment_id?: string,
): Promise<number> {
  const payment = payment_id ? { payment_id } : {};
  await postEntry(db, account, 'credit', -amount, { credit: true, source_id: account.id, ...payment });
  return amount;
}

/** Credit that a payment uses: of a source, or of overpayments (null). In minor units. */
export interface ReservedCredit {
  source: string | null;
  amount: number;
}

/** Credit that was applied. */
export interface AppliedCredit {
  source_id: string | null;
  amount: number;
}

interface Available {
  source_id: string | null;
  available: number;
}

/**
 * The partner's credit by source, oldest first, without what a payment on its way will use (unless it is `except`);
 * locked until the transaction ends, so that none is used twice.
 */
export async function lockCredit(
  db: Knex.Transaction,
  { organization_id, partner_id, currency }: Account,
  except: string | null = null,
): Promise<Available[]> {
  await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('id');
  const { rows } = await db.raw<{ rows: Available[] }>(CREDIT_LEFT, { organization_id, partner_id, currency, except });
  return rows;
}

const CREDIT_LEFT = `select e.source_id, e.amount - coalesce(r.amount, 0) as available
  from (
    select source_id, -sum(amount)::bigint as amount, min(created_at) as since from ledger_entries
    where organization_id = :organization_id and partner_id = :partner_id and currency = :currency
      and document_id is null
    group by source_id having sum(amount) < 0) e
  left join (
    select c.source_id, sum(c.amount)::bigint as amount
    from payment_parts x
      join payments p on p.organization_id = x.organization_id and p.id = x.payment_id and p.currency = :currency
      join payment_credits c on c.organization_id = x.organization_id and c.payment_id = x.payment_id
        and c.document_id = x.document_id
    where x.organization_id = :organization_id and x.partner_id = :partner_id and x.state = 'processing'
      and x.payment_id is distinct from :except::uuid
    group by 1) r on r.source_id is not distinct from e.source_id
  where e.amount > coalesce(r.amount, 0) order by e.since, e.source_id`;

/** @throws NotAllowed for who sees a document alone: its partner's credit is another thing */
export function requireCreditUse({ side, subject_ids, kinds }: Actor, { type }: { type: string }): void {
  if (side === 'partner' && (subject_ids || (kinds && !kinds.includes(type))))
    throw new NotAllowed('To use your company’s credit you need a code first, which we email to you.', { code: true });
}

/** Notes the credit that a payment's part uses once its money has arrived. @throws Invalid if there is not as much */
export async function reserveCredit(
  db: Knex.Transaction,
  document: Account,
  payment_id: string,
  credits: readonly ReservedCredit[],
): Promise<void> {
  if (!credits.length) return;
  const left = await lockCredit(db, document);
  const { organization_id, id: document_id } = document;
  for (const { source, amount } of credits) {
    const found = left.find(({ source_id }) => source_id === source);
    const others = await db('payment_credits')
      .where({ organization_id, payment_id, source_id: source })
      .sum({ amount: 'amount' })
      .first();
    if (amount <= 0 || !found || found.available < amount + Number(others?.amount ?? 0))
      throw new Invalid({ credits: 'There is not as much credit.' });
    const reserved = { organization_id, id: newId(), payment_id, document_id, source_id: source, amount };
    await db('payment_credits').insert(reserved);
  }
}

/** Applies what a payment's part reserved, as far as it is still there, and up to what is `open`. */
export async function applyReserved(
  db: Knex.Transaction,
  document: Account,
  payment_id: string,
  open: number,
): Promise<AppliedCredit[]> {
  const { organization_id, id: document_id } = document;
  const reserved = await db('payment_credits').where({ organization_id, payment_id, document_id }).orderBy('id');
  if (!reserved.length) return [];
  const left = await lockCredit(db, document, payment_id);
  const applied: AppliedCredit[] = [];
  let rest = open;
  for (const { source_id, amount: wanted } of reserved) {
    const available = left.find((credit) => credit.source_id === source_id)?.available ?? 0;
    const amount = Math.min(wanted, available, rest);
    if (amount <= 0) continue;
    await applyFrom(db, document, source_id, amount);
    rest -= amount;
    applied.push({ source_id, amount });
  }
  return applied;
}

/** Pays of an invoice from one source of credit. */
async function applyFrom(db: Knex.Transaction, invoice: Account, source_id: string | null, amount: number) {
  await postEntry(db, invoice, 'apply', amount, { credit: true, source_id });
  await postEntry(db, invoice, 'apply', -amount, { source_id });
}

/**
 * Pays `amount` of an invoice from the partner's credit: from these sources, or from all (null). Returns the sources used.
 * @throws Invalid if there is less credit than that.
 */
export async function applyCredit(
  db: Knex.Transaction,
  invoice: Account,
  amount: number,
  sources: readonly (string | null)[] | null,
): Promise<string[]> {
  const credits = await lockCredit(db, invoice);
  const used: string[] = [];
  let rest = amount;
  for (const { source_id, available } of credits.filter((credit) => sources?.includes(credit.source_id) ?? true)) {
    const part = Math.min(rest, available);
    if (part <= 0) break;
    await applyFrom(db, invoice, source_id, part);
    rest -= part;
    if (source_id) used.push(source_id);
  }
  if (rest > 0) throw new Invalid({ amount: 'There is not as much credit.' });
  return used;
}

/** Records money paid back for a credit note. @throws Invalid if that is more than is left of it. */
export async function refundCredit(db: Knex.Transaction, note: Account, amount: number) {
  const left = await remainingCredit(db, note);
  if (amount > left) throw new Invalid({ amount: 'This is more than is left of it.' });
  await postEntry(db, note, 'refund', amount, { credit: true, source_id: note.id });
  return { open: left - amount, details: { amount } };
}

/** Takes back what is left of a credit note. Returns how much that was. */
export async function clearCredit(db: Knex.Transaction, note: Account): Promise<number> {
  const left = await remainingCredit(db, note);
  await postEntry(db, note, 'void', left, { credit: true, source_id: note.id });
  return left;
}

async function remainingCredit(db: Knex.Transaction, note: Account): Promise<number> {
  const found = (await lockCredit(db, note)).find(({ source_id }) => source_id === note.id);
  return found?.available ?? 0;
}
