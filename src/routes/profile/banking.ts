import { read, systemActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { ProfileChange } from '../../activity/profile_changes.js';
import { submittedText } from '../../people/form_values.js';
import { recordShown, removeBankAccount, saveBankAccount } from '../../people/banking/bank_accounts.js';
import { type BankNumbers, readableNumbers } from '../../people/banking/bank_number.js';
import { ProfileChanged } from '../../people/partner_profile/profile_changed.js';
import { parsePartnerAccount } from '../../people/banking/bank_account_form.js';
import { openNumbers } from '../../people/banking/sealed_numbers.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { once, submitOnce } from '../acts/once.js';
import { identityOf } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import {
  type AccountForm,
  accountFormView,
  bankAccountForm,
  bankAccountShow,
  bankAccountView,
} from './banking_view.js';
import { type AccountRow, shownNumbers } from './profile_queries.js';
import { authorityOf, editablePlace, type Profile, readProfile } from './profile_request.js';

/** The keys that numbers are sealed under. */
type Keys = readonly string[];

const valuesOf = ({ currency, kind, holder, holder_type, bank_name, country }: AccountRow) => ({
  ...{ currency, kind, holder, holder_type, bank_name, country },
});

/** Asks for an account, in the place of another if the address names its currency. */
export async function newAccount(ctx: RequestContext, keys: Keys) {
  editablePlace(ctx, 'banking');
  requireFreshCode(identityOf(ctx.req).session);
  const profile = await readProfile(ctx);
  if (!keys.length) throw new NotFound();
  const { currency, kind } = ctx.req.query;
  const old = profile.accounts.find((account) => account.currency === currency);
  const values = {
    ...(old ? valuesOf(old) : { currency: profile.partner.currency, holder: profile.details.legal_name }),
    ...(typeof kind === 'string' ? { kind } : {}),
  };
  ctx.res.send(formPage(ctx, profile, { values, errors: {}, changes: null, old }));
}

export async function submitAccount(ctx: RequestContext, keys: Keys) {
  const { req } = ctx;
  const { partner_id, url } = editablePlace(ctx, 'banking');
  requireFreshCode(identityOf(req).session);
  const values = submittedText(req.body);
  let changes: ProfileChange[] | null = null;
  const work = async ({ db }: RequestContext) => {
    const account = parsePartnerAccount(req.body);
    const saving = saveBankAccount(db.knex, keys, authorityOf(ctx), partner_id, account, values['seen'] ?? '');
    await saving.catch((error: unknown) => {
      if (error instanceof ProfileChanged) ({ changes } = error);
      throw error;
    });
    return `${url}?done=bank`;
  };
  return submitOnce(ctx, work, async (errors) => {
    const profile = await readProfile(ctx);
    const old = profile.accounts.find(({ currency }) => currency === values['currency']);
    return formPage(ctx, profile, { values, errors, changes, old });
  });
}

const formPage = (ctx: RequestContext, profile: Profile, form: AccountForm): string => {
  const input = accountFormView(ctx, profile, form);
  return contextPage(ctx, bankAccountForm, input.title, input);
};

/** An account; its numbers, if this reader had them shown just now. */
export async function showAccount(ctx: RequestContext, keys: Keys) {
  editablePlace(ctx, 'banking');
  const profile = await readProfile(ctx);
  const account = accountIn(profile, ctx);
  const numbers = ctx.req.query['shown'] ? await numbersOf(ctx, keys, profile, account) : null;
  const input = bankAccountView(ctx, profile, account, numbers);
  ctx.res.send(contextPage(ctx, bankAccountShow, input.title, input));
}

async function numbersOf(
  ctx: RequestContext,
  keys: Keys,
  { partner_id }: Profile,
  { id, kind }: AccountRow,
): Promise<BankNumbers | null> {
  const { db, actor, req } = ctx;
  const { organization_id, person_id } = actor;
  if (!organization_id) return null;
  requireFreshCode(identityOf(req).session);
  const system = systemActor(organization_id, person_id);
  const [[found]] = await read(db.pool, system, shownNumbers(actor, partner_id, id));
  const numbers = found && openNumbers(keys, { organization_id, account_id: id }, found.sealed);
  return numbers ? readableNumbers(kind, numbers) : null;
}

/** Notes who looks at the numbers, and then shows them for a few minutes. */
export async function showNumbers(ctx: RequestContext) {
  const { partner_id, url } = editablePlace(ctx, 'banking');
  const account_id = pathId(ctx.req, 'account');
  const work = async ({ db }: RequestContext) => {
    await recordShown(db.knex, authorityOf(ctx), partner_id, account_id);
    return `${url}/banking/${account_id}?shown=1`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

export async function removeAccount(ctx: RequestContext) {
  const { partner_id, url } = editablePlace(ctx, 'banking');
  const account_id = pathId(ctx.req, 'account');
  const seen = submittedText(ctx.req.body)['seen'] ?? '';
  const work = async ({ db }: RequestContext) => {
    await removeBankAccount(db.knex, authorityOf(ctx), partner_id, account_id, seen);
    return `${url}?done=bank`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

/** @throws NotFound */
function accountIn({ accounts }: Profile, { req }: RequestContext): AccountRow {
  const id = pathId(req, 'account');
  const account = accounts.find((one) => one.id === id);
  if (!account) throw new NotFound();
  return account;
}
