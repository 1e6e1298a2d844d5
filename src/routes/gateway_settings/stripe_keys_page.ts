import type { Knex } from 'knex';
import type { Field, FormPage } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import {
  removeOldSecret,
  removeStripeKeys,
  saveStripeKeys,
} from '../../payments/gateways/stripe/keys/change_stripe_keys.js';
import { askWhoseKey, parseStripeKeys } from '../../payments/gateways/stripe/keys/stripe_key_form.js';
import type { Authority } from '../../people/banking/bank_accounts.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { once } from '../acts/once.js';
import { authorityOf } from '../profile/profile_request.js';
import { settingsUrl } from '../settings/settings_side.js';
import { type Errors, submit } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { PAGE, readOnlinePayment } from './online_payment_page.js';

export const stripeKeysForm = defineView<FormPage>('gateway_settings/keys');

export async function askStripeKeys(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  ctx.res.send(await formPage(ctx, {}));
}

/** Stripe is asked first whose key it is: no transaction waits for it. */
export function keepStripeKeys(ctx: RequestContext, secrets: readonly string[], stripe_url: string | undefined) {
  requireFreshCode(identityOf(ctx.req).session);
  const work = async () => {
    const typed = parseStripeKeys(ctx.req.body);
    const known = typed.secret_key ? await askWhoseKey(typed.secret_key, stripe_url) : null;
    return change(ctx, (db, authority) => saveStripeKeys(db, { secrets, authority }, typed, known));
  };
  return submit(ctx.res, translatorOf(ctx), work, (errors) => formPage(ctx, errors));
}

export async function endOldSecret(ctx: RequestContext) {
  ctx.res.redirect(303, await change(ctx, removeOldSecret));
}

export async function endStripe(ctx: RequestContext) {
  ctx.res.redirect(303, await change(ctx, removeStripeKeys));
}

/** Once for each form. Returns where it leads. */
const change = (ctx: RequestContext, work: (db: Knex, authority: Authority) => Promise<void>): Promise<string> =>
  once(ctx, async (ctx) => {
    await work(ctx.db.knex, authorityOf(ctx));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  });

/** Keys are never shown again, not even to whoever just typed them. */
async function formPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const t = translatorOf(ctx);
  const url = settingsUrl(ctx, PAGE);
  const { keys } = await readOnlinePayment(ctx);
  const title = keys ? t('Change keys') : t('Connect Stripe');
  const field = (name: string, label: string, hint: string): Field => ({
    ...{ name, kind: 'password', label, hint, maxlength: 200, autocomplete: 'off', error: errors[name] ?? null },
    ...(keys ? {} : { required: true }),
  });
  return contextPage(ctx, stripeKeysForm, title, {
    title,
    back: { href: url, label: `← ${t('Online payment')}` },
    text: keys
      ? [
          t('An empty field keeps what it has.'),
          t('Another account or mode removes the payment methods that customers saved.'),
        ].join(' ')
      : t('Stored encrypted. Only the last four characters are shown from then on.'),
    action: `${url}/keys`,
    error: errors['form'],
    fields: [
      field('secret_key', t('Secret key'), t('In Stripe under Developers → API keys. With sk_test_ no money moves.')),
      field(
        'webhook_secret',
        t('Signing secret'),
        t('In Stripe under Developers → Webhooks, at the endpoint you added.'),
      ),
    ],
    button: t('Save'),
    cancel: url,
  });
}
