import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';
import { has, typeNamed, types } from '../../document_types/index.js';
import { takesCredit } from '../../document_types/relations.js';
import { isOneOf } from '../../document_types/type_sql.js';
import { lockCredit } from './credits.js';
import type { Account } from './ledger.js';

/** What one tax comes to; without a name, by its percentage alone. */
interface TaxPart {
  name?: string;
  rate: string;
  amount: number;
}

/** What was paid ahead and is taken off an invoice, with the tax in it; in minor units. */
export interface Deduction {
  /** The invoice that it was paid for. */
  id: string;
  number: string;
  issued_on: string;
  amount: number;
  taxes: TaxPart[];
}

/** An invoice that was paid ahead of the work. */
interface Prepaid extends Pick<Deduction, 'id' | 'number' | 'issued_on'> {
  total: number;
  taxes: TaxPart[];
}

const PREPAID = `r.organization_id = $1 and r.version > 0 and ${isOneOf(
  'r.type',
  types.filter((type) => has(type, 'prepayment')),
)}`;
const COLUMNS = `r.id, r.number, r.issued_on, r.total, (select v.snapshot -> 'taxes' from versions v
  where v.organization_id = r.organization_id and v.document_id = r.id and v.version = r.version) as taxes`;

/** The deposits of what an invoice was made from, and of what that was made from. */
const DEPOSITS = `with recursive origins as (
    select $2::uuid as id, 1 as step
    union all
    select d.origin_id, step + 1 from origins o join documents d on d.organization_id = $1 and d.id = o.id
      where d.origin_id is not null and step < 10)
  select ${COLUMNS} from origins o join documents r on ${PREPAID} and r.origin_id = o.id order by r.id`;

interface Invoice extends Account {
  type: string;
  origin_id: string | null;
}

/**
 * What is taken off an invoice that nothing was paid of yet: what was paid of the deposits of its order or estimate, as
 * far as it is still there. That stays locked until the transaction ends.
 */
export async function deductions(db: Knex.Transaction, invoice: Invoice): Promise<Deduction[]> {
  const { organization_id, type, origin_id } = invoice;
  if (!takesCredit(typeNamed(type))) return [];
  const found = origin_id ? await queryPrepared<Prepaid>(db, DEPOSITS, [organization_id, origin_id]) : [];
  if (!found.length) return [];
  const credits = await lockCredit(db, invoice);
  let rest = invoice.total;
  return found.flatMap((one) => {
    const available = credits.find(({ source_id }) => source_id === one.id)?.available ?? 0;
    const amount = Math.min(available, rest);
    rest -= amount;
    return amount > 0 ? [deduction(one, one.total - available, amount)] : [];
  });
}

/** A part of what was paid ahead, after another part: the taxes of all parts come to those that were invoiced. */
function deduction({ total, taxes, id, number, issued_on }: Prepaid, from: number, amount: number): Deduction {
  const within = (tax: number, part: number) => Math.round((tax * Math.min(part, total)) / total);
  const parts = taxes
    .filter((tax) => tax.amount > 0)
    .map(({ name, rate, amount: tax }) => ({
      ...(name === undefined ? {} : { name }),
      ...{ rate, amount: within(tax, from + amount) - within(tax, from) },
    }));
  return { id, number, issued_on, amount, taxes: parts };
}

/** What was paid ahead, together. */
export const deductedSum = (deductions: readonly Deduction[] = []): number =>
  deductions.reduce((sum, { amount }) => sum + amount, 0);
