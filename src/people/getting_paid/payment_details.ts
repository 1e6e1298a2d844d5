import type { Knex } from 'knex';
import { z } from 'zod';
import type { Actor, Query } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import type { Authority } from '../banking/bank_accounts.js';
import { line, readForm, text } from '../form_values.js';
import { checkTaxId, TAX_ID_KINDS } from '../partner_profile/tax_id.js';
import { changingPayment } from './changing_payment.js';
import { ACCOUNT_COLUMNS, type PaymentAccount } from './payment_accounts.js';

const Typed = z.object({
  legal_name: line(200),
  tax_kind: z.enum(TAX_ID_KINDS, 'Choose a kind.'),
  tax_number: line(60),
  payment_note: text(500),
});

/** What an organization's invoices say of it besides its accounts. */
type PaymentDetails = z.infer<typeof Typed>;

const FIELDS = ['legal_name', 'tax_number', 'payment_note'] as const;

/** Parses the form. @throws Invalid by field */
export function parsePaymentDetails(body: unknown): PaymentDetails {
  const typed = readForm(Typed, body);
  const checked = typed.tax_number ? checkTaxId(typed.tax_kind, typed.tax_number) : null;
  if (checked && 'error' in checked) throw new Invalid({ tax_number: checked.error });
  return typed;
}

/** Changes them. @throws NotAllowed */
export const savePaymentDetails = (db: Knex, authority: Authority, details: PaymentDetails): Promise<void> =>
  changingPayment(db, authority, async (db, { organization_id }) => {
    const before = await db('organizations')
      .where({ id: organization_id })
      .first(...FIELDS);
    await db('organizations').where({ id: organization_id }).update(details);
    const changes = FIELDS.filter((field) => before[field] !== details[field]).map((field) => ({
      field,
      before: before[field] || null,
      after: details[field] || null,
    }));
    return { action: 'change_payment_details', changes };
  });

interface GettingPaid extends PaymentDetails {
  name: string;
  currency: string;
  /** Null: customers can't pay online. */
  gateway: string | null;
  online_methods: string[];
  accounts: PaymentAccount[];
}

/** All of it, for the settings. */
export const gettingPaid = ({ organization_id }: Actor): Query<GettingPaid> => ({
  name: 'getting_paid',
  text: `select o.name, o.currency, o.legal_name, o.tax_kind, o.tax_number, o.payment_note,
    o.gateway, o.online_methods,
    coalesce((select json_agg(r order by r.currency, r.id) from (select ${ACCOUNT_COLUMNS.join(', ')}
      from payment_accounts where organization_id = $1 and ended_at is null limit 10) r), '[]') as accounts
    from organizations o where o.id = $1`,
  values: [organization_id],
});
