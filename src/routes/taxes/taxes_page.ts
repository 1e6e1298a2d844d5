import { read, withActor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { defaultTaxes, setOrganizationTaxes } from '../../documents/taxes/partner_taxes.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import { decidedSeries, ratesOn, TAX_CATEGORIES, type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { today } from '../../pages/days.js';
import { defineView } from '../../pages/views/render.js';
import { submitOnce } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { taxFields, type TaxFieldsInput, typedTaxes } from './tax_fields.js';

interface TaxesInput {
  side: SettingsSide;
  url: string;
  taxes: { url: string; label: string; note: string; category: string; valid: string }[];
  /** What is proposed for a new customer; null while there are no taxes. */
  proposed: (TaxFieldsInput & { error: string | null }) | null;
}

export const taxesView = defineView<TaxesInput>('taxes/show');

/** Below the address of the settings. */
export const PAGE = 'organization/taxes';

export const showTaxes = async (ctx: RequestContext) => ctx.res.send(await page(ctx, {}));

/** Sets what is proposed for a new customer. */
export function saveDefaultTaxes(ctx: RequestContext) {
  const work = async ({ db, actor }: RequestContext) => {
    await withActor(db.knex, actor, (db) => setOrganizationTaxes(db, actor, typedTaxes(ctx)));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, errors));
}

async function page(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, actor } = ctx;
  const [rates, [found]] = await read(db.pool, actor, taxRates(actor), defaultTaxes(actor, null));
  const i18n = i18nOf(actor);
  const day = today(actor);
  const url = settingsUrl(ctx, PAGE);
  const proposed = ratesOn(rates, decidedSeries(rates, found?.organization) ?? [], day).map(({ id }) => id);
  const fields = taxFields(rates, proposed, day, i18n);
  return contextPage(ctx, taxesView, i18n.t('Taxes'), {
    side: settingsSide(ctx, PAGE),
    url,
    taxes: rates.map((rate) => taxItem(rate, url, i18n)),
    proposed: rates.length ? { ...fields, error: errors['taxes'] ?? null } : null,
  });
}

const taxItem = (rate: TaxRate, url: string, i18n: I18n) => ({
  url: `${url}/${rate.id}`,
  label: taxLabel({ name: rate.name, rate: rate.percent }, i18n.format),
  note: rate.note,
  category: i18n.t(TAX_CATEGORIES[rate.category]),
  valid: validity(rate, i18n),
});

/** The days on which a tax is valid. */
function validity({ valid_from, valid_until }: TaxRate, { t, format }: I18n): string {
  if (valid_from && valid_until)
    return t('{{from}} to {{until}}', { from: format.date(valid_from), until: format.date(valid_until) });
  if (valid_from) return t('From {{date}}', { date: format.date(valid_from) });
  return valid_until ? t('Until {{date}}', { date: format.date(valid_until) }) : t('Always');
}
