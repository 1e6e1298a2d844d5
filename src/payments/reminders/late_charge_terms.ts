import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor, Query } from '../../db/scope.js';
import type { ReminderStep } from '../../document_types/shared/dates.js';
import { NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** The steps after the due date, which may have a fee. */
export const FEE_STEPS = ['first', 'second', 'final'] as const satisfies ReminderStep[];
export type FeeStep = (typeof FEE_STEPS)[number];

interface LateFee {
  step: FeeStep;
  currency: string;
  /** In minor units. */
  amount: number;
}

/** Whose terms count for a partner: the organization's, its own, or none. */
export const TERMS_OF = ['', 'own', 'none'] as const;
type TermsOf = (typeof TERMS_OF)[number];

/** What late payment costs customers, or one of them. */
export interface LateChargeTerms {
  /** The partner's name; '' for the organization's own terms. */
  name: string;
  terms_of: TermsOf;
  /** A yearly rate in percent. */
  late_interest: string;
  /** From which step on interest is invoiced. */
  interest_step: FeeStep;
  /** The organization's, or the partner's usual one. */
  currency: string;
  fees: LateFee[];
}

const FEES = (whose: string) => `coalesce((select json_agg(f) from (
  select step, currency, amount from late_fees
  where organization_id = $1 and ${whose} order by currency, step) f), '[]') as fees`;

export const lateChargeTerms = ({ organization_id }: Actor): Query<LateChargeTerms> => ({
  name: 'late_charge_terms',
  text: `select '' as name, '' as terms_of, late_interest::text, interest_step, currency, ${FEES('partner_id is null')}
    from organizations where id = $1`,
  values: [organization_id],
});

export const partnerLateChargeTerms = ({ organization_id }: Actor, partner_id: string): Query<LateChargeTerms> => ({
  name: 'partner_late_charge_terms',
  text: `select name, coalesce(late_charges, '') as terms_of, late_interest::text, interest_step, currency, ${FEES('partner_id = $2')}
    from partners where organization_id = $1 and id = $2 and is_customer`,
  values: [organization_id, partner_id],
});

/** Terms as they were typed: the fees of one currency, those of others stay. */
export interface NewTerms {
  late_interest: string;
  interest_step: FeeStep;
  currency: string;
  fees: { step: FeeStep; amount: number }[];
}

/** Changes what late payment costs from the next reminders on, and records that. @throws NotAllowed */
export async function setLateChargeTerms(db: Knex.Transaction, actor: Actor, terms: NewTerms): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, 'administration');
  const { late_interest, interest_step } = terms;
  await db('organizations').where({ id: organization_id }).update({ late_interest, interest_step });
  await replaceFees(db, organization_id, null, terms);
  await record(db, actor, { action: 'set_late_charges', details: { ...terms }, visible_to: 'staff' });
}

/** The same for one customer. @throws NotFound, NotAllowed */
export async function setPartnerLateChargeTerms(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  { terms_of, ...terms }: NewTerms & { terms_of: TermsOf },
): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, { permits: 'invoicing' });
  const own = { organization_id, id: partner_id, is_customer: true };
  const partner = await db('partners').where(own).forUpdate().first('name');
  if (!partner) throw new NotFound();
  const { late_interest, interest_step } = terms;
  const changed = terms_of === 'own' ? { late_interest, interest_step } : {};
  await db('partners')
    .where(own)
    .update({ late_charges: terms_of || null, ...changed });
  if (terms_of === 'own') await replaceFees(db, organization_id, partner_id, terms);
  const details = { name: partner.name, terms_of, ...(terms_of === 'own' ? terms : {}) };
  await record(db, actor, { action: 'set_partner_late_charges', partner_id, details, visible_to: 'staff' });
}

async function replaceFees(
  db: Knex.Transaction,
  organization_id: string | null,
  partner_id: string | null,
  { currency, fees }: NewTerms,
): Promise<void> {
  await db('late_fees').where({ organization_id, partner_id, currency }).delete();
  const rows = fees.map((fee) => ({ ...fee, organization_id, partner_id, currency }));
  if (rows.length) await db('late_fees').insert(rows);
}
