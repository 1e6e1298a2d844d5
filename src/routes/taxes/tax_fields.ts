import { MAX_TAXES } from '../../document_types/shared/inputs.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import { isValidOn, type TaxRate } from '../../documents/taxes/tax_rates.js';
import type { Choice } from '../../pages/views/components.js';
import { many } from '../forms/field_values.js';
import type { RequestContext } from '../shared/request_context.js';

/** Up to three taxes to choose: views/taxes/fields.ejs. */
export interface TaxFieldsInput {
  selects: { label: string; value: string; choices: Choice[] }[];
}

/** The fields that choose from the taxes of a day. */
export function taxFields(
  rates: readonly TaxRate[],
  chosen: readonly string[],
  day: string,
  { t, format }: I18n,
): TaxFieldsInput {
  const named = rates
    .filter((rate) => isValidOn(rate, day) || chosen.includes(rate.id))
    .map(({ id, name, percent }) => ({ value: id, label: taxLabel({ name, rate: percent }, format) }));
  const labels = [t('Tax'), t('Second tax'), t('Third tax')].slice(0, Math.min(MAX_TAXES, named.length));
  return {
    selects: labels.map((label, n) => ({
      label,
      value: chosen[n] ?? '',
      choices: [{ value: '', label: n ? t('None') : t('No tax') }, ...named],
    })),
  };
}

/** The ids of the taxes that a form chose. */
export const typedTaxes = ({ req }: Pick<RequestContext, 'req'>): string[] => [
  ...new Set(many(req.body ?? {}, 'taxes').filter(Boolean)),
];
