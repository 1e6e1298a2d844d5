import { parseBankAccount } from '../../people/banking/bank_account_form.js';
import { ACCOUNT_KINDS } from '../../people/banking/bank_number.js';
import { submittedText } from '../../people/form_values.js';
import { addPaymentAccount, removePaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { once, submitOnce } from '../acts/once.js';
import { accountFields, bankAccountForm, KIND_LABELS, usualKind } from '../profile/banking_view.js';
import { authorityOf } from '../profile/profile_request.js';
import { settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { PAGE, readGettingPaid } from './getting_paid_page.js';

/** Asks for an account, of the kind that the address names. */
export async function askAccount(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  const { currency, legal_name, name } = await readGettingPaid(ctx);
  const { kind } = ctx.req.query;
  const values = { currency, holder: legal_name || name, ...(typeof kind === 'string' ? { kind } : {}) };
  ctx.res.send(formPage(ctx, values, {}));
}

export function addAccount(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  const work = async ({ db }: RequestContext) => {
    await addPaymentAccount(db.knex, authorityOf(ctx), parseBankAccount(ctx.req.body));
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, submittedText(ctx.req.body), errors));
}

export async function removeAccount(ctx: RequestContext) {
  const account_id = pathId(ctx.req, 'account');
  const work = async ({ db }: RequestContext) => {
    await removePaymentAccount(db.knex, authorityOf(ctx), account_id);
    return `${settingsUrl(ctx, PAGE)}?done=saved`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

function formPage(ctx: RequestContext, values: Record<string, string>, errors: Errors): string {
  const t = translatorOf(ctx);
  const url = settingsUrl(ctx, PAGE);
  const kind = usualKind(values);
  return contextPage(ctx, bankAccountForm, t('Add account'), {
    title: t('Add account'),
    back: { href: url, label: `← ${t('Getting paid')}` },
    text: t('Shown on invoices in its currency that you send from now on.'),
    tabs: ACCOUNT_KINDS.map((name) => ({
      href: `${url}/accounts/new?kind=${name}`,
      label: t(KIND_LABELS[name]),
      current: name === kind,
    })),
    action: `${url}/accounts`,
    error: errors['form'] ?? null,
    changes: [],
    fields: accountFields({ values, errors }, kind, ctx.actor.locale, t),
    hidden: { kind },
  });
}
