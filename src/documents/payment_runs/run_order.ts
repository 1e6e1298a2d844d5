import type { Knex } from 'knex';
import { Conflict, NotFound } from '../../errors.js';
import type { AccountKind, BankNumbers } from '../../people/banking/bank_number.js';
import { openNumbers } from '../../people/banking/sealed_numbers.js';
import { KIND_OF, type Transfer, type TransferFormat, type TransferOrder } from '../../payments/runs/transfer_order.js';
import { holdsNames, MOST_CENTS } from '../../payments/runs/nacha.js';
import type { PaymentRun } from './payment_run.js';

interface Payer {
  name: string;
  tax_kind: string;
  tax_number: string;
  kind: AccountKind;
  holder: string;
  bank_name: string;
  country: string;
  numbers: BankNumbers;
}

/** What a vendor is paid by a run, and where. */
interface Payee {
  account_id: string;
  kind: AccountKind;
  holder: string;
  holder_type: Transfer['holder_type'];
  country: string;
  sealed: Buffer;
  position: number;
  amount: number;
  /** The vendor's own numbers, or ours. */
  references: string[];
}

const PAYER = `select coalesce(nullif(o.legal_name, ''), o.name) as name, o.tax_kind, o.tax_number,
    a.kind, a.holder, a.bank_name, a.country, a.numbers
  from payment_accounts a join organizations o on o.id = a.organization_id where a.organization_id = ? and a.id = ?`;

const PAYEES = `select b.id as account_id, b.kind, b.holder, b.holder_type, b.country, n.sealed, x.position, x.amount, x.references
  from (
    select r.organization_id, r.bank_account_id, r.position, sum(r.amount)::bigint as amount,
      array_agg(coalesce(nullif(d.reference, ''), d.number) order by d.id) as references
    from payment_run_bills r join documents d on d.organization_id = r.organization_id and d.id = r.document_id
    where r.organization_id = ? and r.run_id = ? group by 1, 2, 3) x
    join bank_accounts b on b.organization_id = x.organization_id and b.id = x.bank_account_id
    join bank_account_numbers n on n.organization_id = b.organization_id and n.account_id = b.id
  order by x.position`;

/** "PR-7-2": what a vendor's transfer is known by, to both banks and on its remittance. */
export const referenceOf = ({ number }: Pick<PaymentRun, 'number'>, position: number) => `PR-${number}-${position}`;

/**
 * A run as its bank is told, read by the system. @throws Conflict if a vendor's numbers can't be opened
 */
export async function orderOf(
  db: Knex.Transaction,
  keys: readonly string[],
  run: PaymentRun,
  ordered_at: Date,
): Promise<TransferOrder> {
  const { organization_id, id, number, account_id, pay_on, currency } = run;
  const [payer] = (await db.raw<{ rows: Payer[] }>(PAYER, [organization_id, account_id])).rows;
  if (!payer) throw new NotFound();
  const payees = (await db.raw<{ rows: Payee[] }>(PAYEES, [organization_id, id])).rows;
  const transfers = payees.map(({ account_id, sealed, position, amount, references, holder_type, ...account }) => {
    const numbers = openNumbers(keys, { organization_id, account_id }, sealed);
    if (!numbers) throw new Conflict('We can’t open these bank details. Ask whoever runs Parley for you.');
    const text = references.join(', ');
    return { reference: referenceOf(run, position), amount, holder_type, account: { ...account, numbers }, text };
  });
  const employer_number = payer.tax_kind === 'ein' ? payer.tax_number.replace(/\D/g, '') : '';
  const own = { ...payer, employer_number };
  return { id: id.replaceAll('-', ''), number, ordered_at, pay_on, currency, payer: own, transfers };
}

/** Why an order can't be written in a format, as a sentence; null if it can. */
export function whyNotIn(format: TransferFormat, order: FormatFacts): string | null {
  const kind = KIND_OF[format];
  const kinds = new Set([order.payer.kind, ...order.transfers.map(({ account }) => account.kind)]);
  if (kind && (kinds.size > 1 || !kinds.has(kind)))
    return format === 'nacha' ? 'Only between accounts in the US.' : 'Only between accounts with an IBAN.';
  if (format !== 'nacha') return null;
  if (order.currency !== 'USD') return 'Only in US dollars.';
  if (!/^\d{9}$/.test(order.payer.employer_number)) return 'Enter your EIN under Getting paid first.';
  if (!holdsNames(order)) return 'Only for names in Latin letters.';
  const too_much = order.transfers.some(({ amount }) => amount > MOST_CENTS);
  return too_much ? 'A transfer is larger than this file can hold.' : null;
}

/** What decides about formats. */
interface FormatFacts {
  currency: string;
  payer: { kind: AccountKind; name: string; bank_name: string; employer_number: string };
  transfers: readonly { amount: number; account: { kind: AccountKind; holder: string } }[];
}
