import { read, withActor } from '../../db/scope.js';
import { addTaxRate, changeTaxRate, removeTaxRate } from '../../documents/taxes/changing_rates.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { TAX_CATEGORIES, type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import type { Field, FormPage } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { once, submitOnce } from '../acts/once.js';
import { settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { parseTax } from './tax_form.js';
import { PAGE } from './taxes_page.js';

export const taxForm = defineView<FormPage>('taxes/form');

type Typed = Readonly<Record<string, string>>;

export const askTax = (ctx: RequestContext) =>
  ctx.res.send(formPage(ctx, null, { category: 'S', valid_from: '', valid_until: '' }, {}));

export function addTax(ctx: RequestContext) {
  const work = async ({ db, actor }: RequestContext) => {
    const fields = parseTax(ctx.req.body, actor.locale);
    await withActor(db.knex, actor, (db) => addTaxRate(db, actor, fields));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, null, submittedText(ctx.req.body), errors));
}

export async function editTax(ctx: RequestContext) {
  const rate = await findRate(ctx);
  ctx.res.send(formPage(ctx, rate, typedTax(rate, ctx.actor.locale), {}));
}

export async function saveTax(ctx: RequestContext) {
  const rate = await findRate(ctx);
  const work = async ({ db, actor }: RequestContext) => {
    const fields = parseTax(ctx.req.body, actor.locale);
    await withActor(db.knex, actor, (db) => changeTaxRate(db, actor, rate.id, fields));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, rate, submittedText(ctx.req.body), errors));
}

export async function removeTax(ctx: RequestContext) {
  const id = pathId(ctx.req, 'tax');
  const url = await once(ctx, async ({ db, actor }) => {
    await withActor(db.knex, actor, (db) => removeTaxRate(db, actor, id));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  });
  ctx.res.redirect(303, url);
}

/** The tax of the address. @throws NotFound */
async function findRate({ db, req, actor }: RequestContext): Promise<TaxRate> {
  const id = pathId(req, 'tax');
  const [rates] = await read(db.pool, actor, taxRates(actor));
  const rate = rates.find((one) => one.id === id);
  if (!rate) throw new NotFound();
  return rate;
}

/** As its form has it. Of one that documents have, the first day is that of the change. */
const typedTax = (
  { name, percent, category, note, valid_from, valid_until, used }: TaxRate,
  locale: string,
): Typed => ({
  ...{ name, category, note },
  percent: formatDecimalInput(percent, locale),
  valid_from: used ? '' : (valid_from ?? ''),
  valid_until: valid_until ?? '',
});

/** `rate`: null for a new tax. */
function formPage(ctx: RequestContext, rate: TaxRate | null, values: Typed, errors: Errors): string {
  const t = translatorOf(ctx);
  const list = settingsUrl(ctx, PAGE);
  const title = rate ? t('Change {{name}}', { name: rate.name }) : t('Add tax');
  const url = rate ? `${list}/${rate.id}` : list;
  return contextPage(ctx, taxForm, title, {
    title,
    back: { href: list, label: `← ${t('Taxes')}` },
    text: rate?.used ? t('Existing documents won’t change. Your change applies from the day you choose.') : null,
    action: url,
    error: errors['form'],
    fields: formFields(ctx, rate?.used ?? false, values, errors),
    button: t('Save'),
    cancel: list,
    danger:
      rate && !rate.used
        ? { action: `${url}/remove`, label: t('Remove tax'), explains: t('This tax isn’t on any document yet.') }
        : null,
  });
}

function formFields(ctx: RequestContext, used: boolean, values: Typed, errors: Errors): (Field | Field[])[] {
  const t = translatorOf(ctx);
  const field = (name: string, kind: Field['kind'], label: string, more: Partial<Field> = {}): Field => ({
    ...{ name, kind, label, value: values[name] ?? '', error: errors[name] },
    ...more,
  });
  const near = [{ value: today(ctx.actor), label: t('Today') }];
  return [
    field('name', 'text', t('Name'), {
      required: true,
      maxlength: 60,
      hint: t('As invoices show it: VAT, Sales tax.'),
    }),
    [
      field('percent', 'number', t('Percentage'), { required: true }),
      field('category', 'choice', t('Kind'), {
        choices: Object.entries(TAX_CATEGORIES).map(([value, label]) => ({ value, label: `${t(label)} (${value})` })),
      }),
    ],
    field('note', 'longtext', t('Text on invoices'), {
      maxlength: 500,
      hint: t('Why no tax is charged. Required for every kind but standard and zero rates.'),
    }),
    [
      field('valid_from', 'date', used ? t('Changes from') : t('First day'), used ? { near } : {}),
      field('valid_until', 'date', t('Last day')),
    ],
  ];
}
