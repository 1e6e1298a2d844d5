import { FORMATS, type TransferFormat } from '../../payments/runs/transfer_order.js';
import { mayDownload } from '../../documents/payment_runs/export_run.js';
import { whyNotIn } from '../../documents/payment_runs/run_order.js';
import { today } from '../../pages/days.js';
import type { Badge, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isFresh } from '../../people/sign_in/fresh_code.js';
import { may } from '../../subjects/may.js';
import type { Errors } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import type { ListedRun, RunBill, RunPage } from './run_queries.js';
import { accountName, runName, runsUrl } from './run_request.js';

/** A run. Posts format; paid_on; nothing to cancel. */
interface RunInput {
  title: string;
  back: Link;
  badge: Badge;
  url: string;
  errors: Errors;
  facts: { label: string; value: string }[];
  vendors: RunVendor[];
  /** The formats of its file; [] once it has ended. Null for who may not see bank details. */
  formats: FormatItem[] | null;
  /** The chosen format, or the first that can be. */
  format: string;
  /** Where a code is asked for before a file is written; null: one was typed just now. */
  code_url: string | null;
  /** The file that this reader just had written; null: none, or a code comes first. */
  file: Link | null;
  paid_on: string;
  open: boolean;
  exported: boolean;
}

interface FormatItem {
  name: TransferFormat;
  label: string;
  /** Why it can't be chosen. */
  why: string | null;
}

interface RunVendor {
  name: string;
  account: string;
  warning: string | null;
  total: string;
  payment_url: string | null;
  bills: { number: string; href: string; detail: string; amount: string; discount: string | null }[];
}

export const runView = defineView<RunInput>('payment_runs/show');

const LABELS: Record<TransferFormat, string> = { pain001: 'SEPA (pain.001)', nacha: 'ACH (NACHA)', csv: 'CSV' };

const BADGES: Record<ListedRun['state'], Badge> = {
  open: { label: 'Open', tone: 'waiting' },
  exported: { label: 'Sent to bank', tone: 'waiting' },
  recorded: { label: 'Paid', tone: 'good' },
  cancelled: { label: 'Canceled', tone: 'stopped' },
};

export const runBadge = (state: ListedRun['state'], t: ReturnType<typeof translatorOf>): Badge => ({
  ...BADGES[state],
  label: t(BADGES[state].label),
});

export function showRun(ctx: RequestContext, run: RunPage, errors: Errors): string {
  const { actor, req } = ctx;
  const t = translatorOf(ctx);
  const url = `${runsUrl(ctx)}/${run.id}`;
  const open = run.state === 'open' || run.state === 'exported';
  const mayExport = may(actor, { permits: 'bank_details' }).answer === 'yes';
  const fresh = isFresh(identityOf(req).session);
  const formats = open ? formatsOf(ctx, run) : [];
  const title = t('Payment run {{number}}', { number: runName(run) });
  return contextPage(ctx, runView, title, {
    title,
    back: { href: runsUrl(ctx), label: `← ${t('Payment runs')}` },
    badge: runBadge(run.state, t),
    url,
    errors,
    facts: factsOf(ctx, run),
    vendors: vendorsOf(ctx, run),
    formats: mayExport ? formats : null,
    format: run.format ?? formats.find(({ why }) => why === null)?.name ?? '',
    code_url: fresh ? null : `${url}/export`,
    file: mayExport && fresh ? fileOf(ctx, run, `${url}/file`) : null,
    paid_on: today(actor),
    open,
    exported: run.state === 'exported',
  });
}

function factsOf(ctx: RequestContext, run: RunPage): RunInput['facts'] {
  const { t, format } = i18nOf(ctx.actor);
  const { creator, exporter, ender, account, pay_on, paid_on, bills, currency, state } = run;
  const sum = (of: (bill: RunBill) => number) =>
    format.money(
      bills.reduce((all, bill) => all + of(bill), 0),
      currency,
    );
  const by = (name: string | null, at: string | null) => name && at && `${name}, ${format.dateTime(new Date(at))}`;
  const facts: [label: string, value: string | null][] = [
    [t('Total'), sum(({ amount }) => amount)],
    [t('Early-payment discount'), bills.some(({ discount }) => discount) ? sum(({ discount }) => discount) : null],
    [t('From account'), accountName(account)],
    [t('Payment date'), format.date(paid_on ?? pay_on)],
    [t('Created by'), by(creator, run.created_at)],
    [t('Exported by'), by(exporter, run.file_at)],
    [state === 'cancelled' ? t('Canceled by') : t('Recorded by'), by(ender, run.ended_at)],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function vendorsOf({ actor, membership }: RequestContext, { bills, currency, state }: RunPage): RunVendor[] {
  const { t, format } = i18nOf(actor);
  const money = (minor: number) => format.money(minor, currency);
  const positions = [...new Set(bills.map(({ position }) => position))];
  return positions.flatMap((position) => {
    const theirs = bills.filter((bill) => bill.position === position);
    const [first] = theirs;
    if (!first) return [];
    const { partner, holder, last_four, replaced, payment_id } = first;
    const warned = replaced && (state === 'open' || state === 'exported');
    return {
      name: partner,
      account: `${holder} · •••• ${last_four}`,
      warning: warned ? t('Their bank details have changed since. Cancel this run and make another.') : null,
      total: money(theirs.reduce((sum, { amount }) => sum + amount, 0)),
      payment_url: payment_id && `/${membership.slug}/payments/${payment_id}`,
      bills: theirs.map(({ number, reference, title, amount, discount }) => ({
        ...{ number, href: `/${membership.slug}/documents/${number}`, amount: money(amount) },
        detail: [reference, title].filter(Boolean).join(' · '),
        discount: discount ? t('less {{discount}} discount', { discount: money(discount) }) : null,
      })),
    };
  });
}

function formatsOf(ctx: RequestContext, run: RunPage): FormatItem[] {
  const t = translatorOf(ctx);
  const { account, employer, currency, bills } = run;
  const employer_number = employer.tax_kind === 'ein' ? employer.tax_number.replace(/\D/g, '') : '';
  const transfers = bills.map(({ amount, kind, holder }) => ({ amount, account: { kind, holder } }));
  const payer = { ...account, name: employer.name, employer_number };
  const order = { currency, payer, transfers };
  return FORMATS.map((name) => {
    const why = whyNotIn(name, order);
    return { name, label: t(LABELS[name]), why: why && t(why) };
  });
}

/** Whoever had it written may download it; nobody once a vendor is paid elsewhere. */
const fileOf = (ctx: RequestContext, run: RunPage, href: string): Link | null =>
  mayDownload(run, ctx.actor) && !run.bills.some(({ replaced }) => replaced)
    ? { href, label: translatorOf(ctx)('Download file') }
    : null;

const ENDINGS: Record<TransferFormat, string> = { pain001: 'xml', nacha: 'ach', csv: 'csv' };

/** "PR-7.xml". */
export const fileName = ({ number, format }: { number: number; format: TransferFormat }) =>
  `${runName({ number })}.${ENDINGS[format]}`;
