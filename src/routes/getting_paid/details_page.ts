import type { Field, FormPage } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { parsePaymentDetails, savePaymentDetails } from '../../people/getting_paid/payment_details.js';
import { TAX_ID_KINDS, TAX_ID_LABELS } from '../../people/partner_profile/tax_id.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { submitOnce } from '../acts/once.js';
import { authorityOf } from '../profile/profile_request.js';
import { settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { PAGE, readGettingPaid } from './getting_paid_page.js';

export const paymentDetailsForm = defineView<FormPage>('getting_paid/details');

/** Asks for legal name, tax number and instructions. */
export async function askDetails(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  const { legal_name, tax_kind, tax_number, payment_note } = await readGettingPaid(ctx);
  ctx.res.send(formPage(ctx, { legal_name, tax_kind, tax_number, payment_note }, {}));
}

export function saveDetails(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  const work = async ({ db }: RequestContext) => {
    await savePaymentDetails(db.knex, authorityOf(ctx), parsePaymentDetails(ctx.req.body));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, submittedText(ctx.req.body), errors));
}

function formPage(ctx: RequestContext, values: Record<string, string>, errors: Errors): string {
  const t = translatorOf(ctx);
  const url = settingsUrl(ctx, PAGE);
  return contextPage(ctx, paymentDetailsForm, t('Edit invoice details'), {
    title: t('Edit invoice details'),
    back: { href: url, label: `← ${t('Getting paid')}` },
    text: t('Applies to invoices you send from now on. Those already sent stay as they are.'),
    action: `${url}/details`,
    error: errors['form'],
    fields: detailFields(ctx, values, errors),
    button: t('Save'),
    cancel: url,
  });
}

function detailFields(ctx: RequestContext, values: Record<string, string>, errors: Errors): FormPage['fields'] {
  const t = translatorOf(ctx);
  const { organization: name } = ctx.membership;
  const field = (name: string, label: string, more: Partial<Field>): Field => ({
    ...{ name, kind: 'text', label, value: values[name] ?? '', error: errors[name] ?? null },
    ...more,
  });
  const kinds = TAX_ID_KINDS.map((kind) => ({ value: kind, label: t(TAX_ID_LABELS[kind]) }));
  const whom = t('Your registered name, if it isn’t {{name}}.', { name });
  return [
    field('legal_name', t('Legal name'), { maxlength: 200, hint: whom }),
    [
      field('tax_kind', t('Kind of number'), { kind: 'choice', choices: kinds, optional: false }),
      field('tax_number', t('Tax number'), { maxlength: 60 }),
    ],
    field('payment_note', t('Instructions'), {
      kind: 'longtext',
      maxlength: 500,
      hint: t('Shown below the accounts, like how to pay by check.'),
    }),
  ];
}
