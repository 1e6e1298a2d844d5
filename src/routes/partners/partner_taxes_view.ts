import type { Actor } from '../../db/scope.js';
import { decidesTaxes, type TaxSide } from '../../documents/taxes/partner_taxes.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import { decidedSeries, ratesOn, type TaxRate } from '../../documents/taxes/tax_rates.js';
import { today } from '../../pages/days.js';
import { isOffered } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';
import { taxFields, type TaxFieldsInput } from '../taxes/tax_fields.js';
import type { PartnerRow } from './partner_queries.js';

/** The taxes that a customer pays, or a vendor charges. */
export interface TaxesItem {
  side: TaxSide;
  title: string;
  label: string;
  /** Null for whom may not. */
  change: (TaxFieldsInput & { action: string }) | null;
}

/** Of who is both, both. */
export function taxesItems(partner: PartnerRow, rates: readonly TaxRate[], url: string, actor: Actor): TaxesItem[] {
  if (!rates.length) return [];
  const { is_customer, is_vendor, tax_series, vendor_tax_series } = partner;
  const context = { rates, actor, action: `${url}/taxes` };
  return [
    ...(is_customer ? [taxesItem('customer', tax_series, context)] : []),
    ...(is_vendor ? [taxesItem('vendor', vendor_tax_series, context)] : []),
  ];
}

function taxesItem(
  side: TaxSide,
  chosen: string[] | null,
  { rates, actor, action }: { rates: readonly TaxRate[]; actor: Actor; action: string },
): TaxesItem {
  const i18n = i18nOf(actor);
  const { t, format } = i18n;
  const day = today(actor);
  const series = decidedSeries(rates, chosen);
  const found = ratesOn(rates, series ?? [], day);
  const names = found.map(({ name, percent }) => taxLabel({ name, rate: percent }, format));
  const ids = found.map(({ id }) => id);
  return {
    side,
    title: side === 'customer' ? t('Taxes') : t('Taxes they charge'),
    label: series === null ? t('Not decided: we ask with their next document') : names.join(' + ') || t('No tax'),
    change: isOffered(actor, decidesTaxes(side)) ? { action, ...taxFields(rates, ids, day, i18n) } : null,
  };
}
