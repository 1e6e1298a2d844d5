import { read } from '../../db/scope.js';
import { type DueBill, dueBills, MOST_BILLS } from '../../documents/payment_runs/due_bills.js';
import { shareOf } from '../../documents/payment_runs/payment_run.js';
import { defineView } from '../../pages/views/render.js';
import type { Link } from '../../pages/views/components.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { accountName, runsUrl, type Wanted } from './run_request.js';

/** What is due, to be selected. Asks by account, pay_on and until; posts chosen (several) and confirm_{vendor}. */
interface NewRunInput {
  title: string;
  back: Link;
  action: string;
  accounts: { value: string; label: string }[];
  account: string;
  pay_on: string;
  until: string;
  errors: Errors;
  vendors: VendorItem[];
  /** Vendors who can't be paid: they have no account in this currency. */
  left_out: { name: string; amount: string; href: string }[];
  /** There is more than is shown. */
  more: boolean;
  settings_url: string;
}

interface VendorItem {
  id: string;
  name: string;
  /** "Nordholz GmbH, •••• 3000". */
  account: string;
  recent: boolean;
  confirmed: boolean;
  error: string | undefined;
  bills: BillItem[];
}

interface BillItem {
  /** What is chosen with it: id, amount, discount and account. */
  value: string;
  selected: boolean;
  number: string;
  detail: string;
  pay_on: string;
  amount: string;
  discount: string | null;
}

export const newRunView = defineView<NewRunInput>('payment_runs/new');

/** A form that came back: what was selected, and what is wrong. */
interface Returned {
  errors: Errors;
  bills: ReadonlySet<string>;
  confirmed: ReadonlySet<string>;
}

export async function newRunPage(ctx: RequestContext, wanted: Wanted, returned: Returned | null): Promise<string> {
  const { db, actor } = ctx;
  const { t, format } = i18nOf(actor);
  const { account, accounts, pay_on, until } = wanted;
  const [bills] = account ? await read(db.pool, actor, dueBills(actor, account.currency, until)) : [[]];
  const payable = bills.filter(({ account_id }) => account_id !== null);
  const title = t('New payment run');
  return contextPage(ctx, newRunView, title, {
    title,
    back: { href: runsUrl(ctx), label: `← ${t('Payment runs')}` },
    action: runsUrl(ctx),
    accounts: accounts.map((one) => ({ value: one.id, label: accountName(one) })),
    account: account?.id ?? '',
    pay_on,
    until,
    errors: returned?.errors ?? {},
    vendors: byVendor(payable).map((theirs) => vendorItem(ctx, theirs, pay_on, returned)),
    left_out: byVendor(bills.filter(({ account_id }) => account_id === null)).map((theirs) => ({
      name: theirs[0].partner,
      amount: format.money(
        theirs.reduce((sum, { open }) => sum + open, 0),
        account?.currency ?? '',
      ),
      href: `/${ctx.membership.slug}/partners/${theirs[0].partner_id}/profile`,
    })),
    more: bills.length === MOST_BILLS,
    settings_url: `/${ctx.membership.slug}/settings/organization/getting-paid`,
  });
}

type Theirs = readonly [DueBill, ...DueBill[]];

function byVendor(bills: readonly DueBill[]): Theirs[] {
  const vendors = new Map<string, [DueBill, ...DueBill[]]>();
  for (const bill of bills) {
    const theirs = vendors.get(bill.partner_id);
    if (theirs) theirs.push(bill);
    else vendors.set(bill.partner_id, [bill]);
  }
  return [...vendors.values()].toSorted(([a], [b]) => a.partner.localeCompare(b.partner));
}

function vendorItem(ctx: RequestContext, theirs: Theirs, pay_on: string, returned: Returned | null): VendorItem {
  const [{ partner_id: id, partner: name, holder, last_four, recent }] = theirs;
  return {
    ...{ id, name, recent },
    account: `${holder} · •••• ${last_four}`,
    confirmed: returned?.confirmed.has(id) ?? false,
    error: returned?.errors[`confirm_${id}`],
    // Whose bank details are new is paid only if somebody says so.
    bills: theirs.map((bill) => billItem(ctx, bill, pay_on, returned ? returned.bills.has(bill.id) : !recent)),
  };
}

function billItem({ actor }: RequestContext, bill: DueBill, day: string, selected: boolean): BillItem {
  const { t, format } = i18nOf(actor);
  const { id, number, reference, title, pay_on, currency, account_id } = bill;
  const { amount, discount } = shareOf(bill, day);
  return {
    value: [id, amount, discount, account_id].join(' '),
    selected,
    number,
    detail: [reference, title].filter(Boolean).join(' · '),
    pay_on,
    amount: format.money(amount, currency),
    discount: discount ? t('less {{discount}} discount', { discount: format.money(discount, currency) }) : null,
  };
}
