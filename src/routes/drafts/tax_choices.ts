import type { Actor } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { namesTaxes } from '../../documents/taxes/line_taxes.js';
import type { DefaultTaxes } from '../../documents/taxes/partner_taxes.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import { decidedSeries, isValidOn, ratesOn, type TaxRate } from '../../documents/taxes/tax_rates.js';
import type { Choice } from '../../pages/views/components.js';
import { parseDecimal } from '../../documents/content/decimals.js';
import { i18nOf } from '../shared/layout.js';
import type { DraftForm, TypedRow } from '../forms/draft_form.js';
import type { TypedTaxes } from '../forms/typed_prices.js';

/** The taxes that a form's lines choose from. */
export interface TaxChoices {
  /** Of a line's first tax. */
  options: TaxOption[];
  /** Of a further tax, and of the first that the partner pays. */
  named: TaxOption[];
  /** What the totals are counted from; for scripts, too. */
  typed: TypedTaxes;
  /** Asks once which taxes the partner pays, or `charges`; null: that is known. */
  question: { values: string[]; options: TaxOption[]; charges: boolean } | null;
}

/** `rate`: its percentage, by which a pasted one is found. */
interface TaxOption extends Choice {
  rate: string | null;
}

interface Page {
  tax_rates: TaxRate[];
  default_taxes: DefaultTaxes;
}

type Form = Pick<DraftForm, 'rows' | 'partner_taxes'>;

/** What a form's lines choose from, null where percentages are typed; and its rows with what they begin with. */
export function taxChoices(
  type: DocumentType,
  { tax_rates, default_taxes }: Page,
  form: Form,
  { actor, day }: { actor: Actor; day: string },
): { choices: TaxChoices | null; rows: TypedRow[] } {
  if (!namesTaxes(type) || !tax_rates.length) return { choices: null, rows: form.rows };
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { locale } = actor;
  const usual = decidedSeries(tax_rates, default_taxes.partner);
  const charges = type.partner === 'vendor';
  const proposed = charges ? [] : (decidedSeries(tax_rates, default_taxes.organization) ?? []);
  const ids = (series: readonly string[]) => ratesOn(tax_rates, series, day).map(({ id }) => id);
  const rows = form.rows.map((row) => begun(row, usual && ids(usual), locale));
  const inUse = new Set(rows.flatMap(({ tax, tax_2, tax_3 }) => [tax, tax_2, tax_3]));
  const named = tax_rates.filter((rate) => isValidOn(rate, day) || inUse.has(rate.id)).map((one) => option(one, i18n));
  const none = { value: '0', label: t('No tax'), rate: '0' };
  const asPartner = { value: 'partner', label: t('As chosen above'), rate: null };
  const nothing = charges ? t('They charge no tax') : t('They pay no tax');
  const answered = form.partner_taxes.length ? form.partner_taxes : ids(proposed);
  return {
    rows,
    choices: {
      options: [...(usual ? [] : [asPartner]), ...named, ...(usual ? [none] : []), ...percentages(inUse, i18n, locale)],
      named,
      typed: {
        named: Object.fromEntries(tax_rates.map(({ id, name, percent }) => [id, { name, rate: percent }])),
        partner: usual ? [] : answered,
      },
      question: usual ? null : { values: answered, options: [...named, { ...none, label: nothing }], charges },
    },
  };
}

const option = ({ id, name, percent }: TaxRate, { format }: I18n): TaxOption => ({
  value: id,
  label: taxLabel({ name, rate: percent }, format),
  rate: percent,
});

/** A new row begins with what the partner pays (null: nobody has said); as long as that is open, one without tax does. */
function begun(row: TypedRow, usual: string[] | null, locale: string): TypedRow {
  const none = row.tax === '' || Number(parseDecimal(row.tax, locale) ?? 1) === 0;
  if (!usual) return none ? { ...row, tax: 'partner' } : row;
  if (row.tax !== '' && row.tax !== 'partner') return none ? { ...row, tax: '0' } : row;
  const [tax = '0', tax_2 = '', tax_3 = ''] = usual;
  return { ...row, tax, tax_2, tax_3 };
}

/** The percentages that lines have, as they were typed before taxes had names. */
const percentages = (inUse: ReadonlySet<string>, { format }: I18n, locale: string): TaxOption[] =>
  [...inUse].flatMap((value) => {
    const rate = parseDecimal(value, locale);
    return rate === null || Number(rate) === 0 ? [] : [{ value, label: format.percent(rate), rate: null }];
  });
