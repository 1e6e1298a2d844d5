import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Field } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { NUMBER_FIELDS, readableNumbers } from '../../people/banking/bank_number.js';
import type { PaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { gettingPaid } from '../../people/getting_paid/payment_details.js';
import { TAX_ID_LABELS } from '../../people/partner_profile/tax_id.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import { methodFields } from './online_methods_form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';

interface GettingPaidInput {
  side: SettingsSide;
  url: string;
  facts: { label: string; lines: string[] }[];
  /** What customers can pay with online; null: nothing. */
  online: Field[] | null;
  saved: boolean;
  accounts: { title: string; facts: { label: string; value: string }[]; remove_url: string }[];
}

export const gettingPaidView = defineView<GettingPaidInput>('getting_paid/show');

export const PAGE = 'organization/getting-paid';

/** What the organization's invoices say of it. @throws NotFound */
export async function readGettingPaid({ db, actor }: RequestContext) {
  const [[found]] = await read(db.pool, actor, gettingPaid(actor));
  if (!found) throw new NotFound();
  return found;
}

export async function showGettingPaid(ctx: RequestContext) {
  const t = translatorOf(ctx);
  const details = await readGettingPaid(ctx);
  const url = settingsUrl(ctx, PAGE);
  const none = [t('Not set')];
  const lines = (text: string) => (text ? text.split('\n') : none);
  ctx.res.send(
    contextPage(ctx, gettingPaidView, t('Getting paid'), {
      side: settingsSide(ctx, PAGE),
      url,
      facts: [
        { label: t('Legal name'), lines: [details.legal_name || details.name] },
        { label: t(TAX_ID_LABELS[details.tax_kind]), lines: lines(details.tax_number) },
        { label: t('Instructions'), lines: lines(details.payment_note) },
      ],
      online: details.gateway ? methodFields(details.online_methods, t) : null,
      saved: isSaved(ctx),
      accounts: details.accounts.map((account) => ({
        title: `${account.currency} · ${account.bank_name}`,
        facts: [{ label: t('Account holder'), value: account.holder }, ...numbersOf(account, t)],
        remove_url: `${url}/accounts/${account.id}/remove`,
      })),
    }),
  );
}

const numbersOf = ({ kind, numbers }: PaymentAccount, t: ReturnType<typeof translatorOf>) => {
  const readable = readableNumbers(kind, numbers);
  return Object.entries(NUMBER_FIELDS[kind])
    .map(([name, label]) => ({ label: t(label), value: readable[name] ?? '' }))
    .filter(({ value }) => value);
};
