import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor, Query } from '../../db/scope.js';
import { isId } from '../../db/ids.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { isOneOf } from '../../document_types/type_sql.js';
import { MAX_TAXES, TOO_MANY_TAXES } from '../../document_types/shared/inputs.js';
import { Invalid, NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';
import { readTaxRates, type TaxRate } from './tax_rates.js';

/** What the lines of new documents begin with: series of taxes. */
export interface DefaultTaxes {
  /** Null: nobody has said yet. */
  partner: string[] | null;
  /** What is proposed then. */
  organization: string[];
}

/** What a partner pays as a customer, and charges as a vendor. */
export type TaxSide = DocumentType['partner'];

const COLUMNS = { customer: 'tax_series', vendor: 'vendor_tax_series' } as const;

/** Those of a partner on documents of one side. */
export const defaultTaxes = (
  { organization_id }: Actor,
  partner_id: string | null,
  side: TaxSide = 'customer',
): Query<DefaultTaxes> => ({
  name: `default_taxes_${side}`,
  text: `select (select p.${COLUMNS[side]} from partners p where p.organization_id = o.id and p.id = $2) as partner,
    o.tax_series as organization from organizations o where o.id = $1`,
  values: [organization_id, partner_id],
});

const ofVendors = isOneOf(
  'd.type',
  types.filter(({ partner }) => partner === 'vendor'),
);

/** The same, of the partner of a document by its number or id. */
export const defaultTaxesOf = ({ organization_id }: Actor, key: string): Query<DefaultTaxes> => {
  const column = isId(key) ? 'id' : 'number';
  return {
    name: `default_taxes_by_${column}`,
    text: `select (select case when ${ofVendors} then p.vendor_tax_series else p.tax_series end from documents d join partners p
        on p.organization_id = d.organization_id and p.id = d.partner_id
        where d.organization_id = o.id and d.${column} = $2) as partner,
      o.tax_series as organization from organizations o where o.id = $1`,
    values: [organization_id, key],
  };
};

/** Who says what partners pay, or charge. */
export const decidesTaxes = (side: TaxSide) => ({ permits: side === 'customer' ? 'invoicing' : 'buying' }) as const;

/**
 * Decides which taxes a partner pays, or charges: with what its documents begin from now on. Empty: none.
 * @throws NotAllowed, NotFound; Invalid if a tax is unknown
 */
export async function setPartnerTaxes(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  ids: readonly string[],
  side: TaxSide = 'customer',
): Promise<void> {
  requireMay(actor, decidesTaxes(side));
  const found = knownRates(await readTaxRates(db, actor), ids, 'partner_taxes');
  await decidePartnerTaxes(db, actor, { partner_id, side }, found);
}

/** The same, for who may write the document that asks it. @throws NotFound */
export async function decidePartnerTaxes(
  db: Knex.Transaction,
  actor: Actor,
  { partner_id, side }: { partner_id: string; side: TaxSide },
  rates: readonly TaxRate[],
): Promise<void> {
  const { organization_id } = actor;
  const column = COLUMNS[side];
  const partner = await db('partners')
    .where({ organization_id, id: partner_id, [`is_${side}`]: true })
    .forUpdate()
    .first();
  if (!partner) throw new NotFound();
  const series = rates.map(({ series }) => series);
  if (partner[column] && String(partner[column]) === String(series)) return;
  await db('partners')
    .where({ organization_id, id: partner_id })
    .update({ [column]: series });
  const details = { name: partner.name, taxes: rates.map(({ name }) => name) };
  await record(db, actor, { action: 'set_partner_taxes', partner_id, details, visible_to: 'staff' });
}

/** Sets what is proposed for a new customer. @throws NotAllowed; Invalid if a tax is unknown */
export async function setOrganizationTaxes(db: Knex.Transaction, actor: Actor, ids: readonly string[]): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, 'taxes');
  const found = knownRates(await readTaxRates(db, actor), ids, 'taxes');
  const tax_series = found.map(({ series }) => series);
  await db('organizations').where({ id: organization_id }).update({ tax_series });
  const details = { taxes: found.map(({ name }) => name) };
  await record(db, actor, { action: 'set_default_taxes', details, visible_to: 'staff' });
}

/**
 * Of `rates` those with these ids. @throws Invalid by `field` if they are too many, one is unknown, or of the same
 * series as another
 */
export function knownRates(rates: readonly TaxRate[], ids: readonly string[], field: string): TaxRate[] {
  if (ids.length > MAX_TAXES) throw new Invalid({ [field]: TOO_MANY_TAXES });
  const found = ids.map((id) => {
    const rate = rates.find((one) => one.id === id);
    if (!rate) throw new Invalid({ [field]: 'Choose one of your taxes.' });
    return rate;
  });
  if (new Set(found.map(({ series }) => series)).size < found.length)
    throw new Invalid({ [field]: 'Choose each tax once.' });
  return found;
}
