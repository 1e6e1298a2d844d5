import type { Knex } from 'knex';
import { subjectTitle } from '../../../activity/sentence.js';
import { methodLabel } from '../../../input/payment_methods.js';
import type { Format } from '../../../pages/format.js';
import type { Translate } from '../../../pages/i18n.js';
import type { Receipt } from '../../../pages/views/components.js';
import { type Addressing, addressingOf } from '../account/account_messages.js';

interface Party {
  name: string;
  address: string;
  tax_number: string;
  email: string;
}

/** What was paid of one bill, in minor units; `reference`: the vendor's own number. */
interface RemittedBill {
  kind: string;
  number: string;
  reference: string;
  title: string;
  amount: number;
  discount: number;
}

/** A payment to a vendor, for one of its contacts. */
export interface Remittance extends Addressing {
  document_locale: string | null;
  /** Null for who is no contact any more. */
  removed_at: Date | null;
  payment_id: string;
  state: string;
  amount: number;
  currency: string;
  paid_on: string;
  method: string;
  reference: string;
  from: Party;
  to: Party;
  bills: RemittedBill[];
  /** The end of the account that it went to. */
  last_four: string | null;
}

const party = (table: string) =>
  `json_build_object('name', ${table}.name, 'address', ${table}.address, 'tax_number', ${table}.tax_number,
    'email', ${table}.email)`;

const BILLS = `(select json_agg(r order by r.number) from (
  select d.type as kind, d.number, d.reference, d.title, x.amount, coalesce((
    select sum(e.amount) from ledger_entries e where e.organization_id = x.organization_id
      and e.payment_id = x.payment_id and e.document_id = x.document_id and e.kind = 'discount'), 0)::bigint as discount
  from payment_parts x cross join lateral (select type, number, reference, title from documents
    where organization_id = x.organization_id and id = x.document_id limit 1) d
  where x.organization_id = y.organization_id and x.payment_id = y.id) r)`;

const LAST_FOUR = `(select b.last_four from (select * from payment_run_bills r
    where r.organization_id = y.organization_id and r.payment_id = y.id limit 1) x
  cross join lateral (select last_four from bank_accounts
    where organization_id = x.organization_id and id = x.bank_account_id limit 1) b)`;

/** The payment that an email tells of. */
export const findRemittance = (
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
): Promise<Remittance | undefined> =>
  addressingOf(db, organization_id, email_id)
    .join('payments as y', (on) => on.on('y.organization_id', 'e.organization_id').on('y.id', 'e.cause_id'))
    .join('partners as n', (on) => on.on('n.organization_id', 'y.organization_id').on('n.id', 'y.partner_id'))
    .select('p.document_locale', 'p.removed_at', 'y.id as payment_id', 'y.state', 'y.amount', 'y.currency')
    .select('y.paid_on', 'y.method', 'y.reference')
    .first(db.raw(`${party('o')} as from, ${party('n')} as to, ${BILLS} as bills, ${LAST_FOUR} as last_four`));

interface I18n {
  t: Translate;
  format: Format;
}

/** What is said of the payment as a whole. */
export function remittanceFacts({ paid_on, method, reference, last_four }: Remittance, { t, format }: I18n) {
  const facts: [label: string, value: string | null][] = [
    [t('Paid on'), format.date(paid_on)],
    [t('Payment method'), methodLabel(method, t)],
    [t('To'), last_four && t('Account ending {{digits}}', { digits: last_four })],
    [t('Reference'), reference],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

/** What was paid and deducted, each under the vendor's own number. */
export const remittedBills = ({ bills, currency }: Remittance, { t, format }: I18n): Receipt['parts'] =>
  bills.map(({ kind, number, reference, title, amount, discount }) => {
    const money = (minor: number) => format.money(minor, currency);
    const ours = subjectTitle(t, kind, number);
    const deducted = t('{{amount}} less {{discount}} early-payment discount', {
      amount: money(amount + discount),
      discount: money(discount),
    });
    return {
      label: reference || ours,
      sub: [reference && ours, title, discount ? deducted : ''].filter(Boolean).join(' · '),
      amount: money(amount),
    };
  });

/** The remittance as a sheet of paper. */
export function remittanceSheet(remittance: Remittance, i18n: I18n): Receipt {
  const { from, to, amount, currency } = remittance;
  const partyOf = ({ name, address, tax_number, email }: Party) => ({
    ...{ name, tax_number, email },
    lines: address.split('\n').filter(Boolean),
  });
  return {
    title: i18n.t('Remittance'),
    amount: i18n.format.money(amount, currency),
    badge: { label: i18n.t('Paid'), tone: 'good' },
    payer: partyOf(from),
    payee: partyOf(to),
    facts: remittanceFacts(remittance, i18n),
    parts: remittedBills(remittance, i18n),
  };
}
