import { intervalText } from '../../activity/subscription_facts.js';
import type { Actor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { lineAmount, totalsOf } from '../../documents/content/totals.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import type { Badge } from '../../pages/views/components.js';
import { subscription as lifecycle } from '../../subjects/subscription/subscription_lifecycle.js';
import { nextBilling } from '../../subscriptions/next_step.js';
import type { SubscriptionRow } from '../../subscriptions/subscription.js';
import type { SubscriptionPage } from './subscription_queries.js';

interface Fact {
  label: string;
  value: string;
  sub: string | null;
}

/** A plan and what came of it, as its reader sees it. */
export interface PlanView {
  title: string;
  number: string;
  badge: Badge;
  price: string;
  interval: string;
  /** What comes next, in a sentence. */
  next: string;
  lines: { description: string; detail: string; amount: string }[];
  /** Null: nothing is taxed. */
  tax: string | null;
  facts: Fact[];
  billing: { name: string; lines: string[]; tax_number: string; recipients: string; facts: Fact[] };
  invoices: { url: string; label: string; period: string; badge: Badge; total: string }[];
}

/** "Active", or for whom it matters what is about to change. */
export function stateBadge({ state, ends_on }: SubscriptionRow, { t, format }: I18n): Badge {
  const label = lifecycle.stateLabels[state as keyof typeof lifecycle.stateLabels];
  if (ends_on && state !== 'ended')
    return { tone: 'waiting', label: t('Ends on {{date}}', { date: format.shortDate(ends_on) }) };
  return { tone: label.tone, label: t(label.label) };
}

export function planView(page: SubscriptionPage, actor: Actor, slug: string, i18n: I18n): PlanView {
  const { format, t } = i18n;
  return {
    title: page.title,
    number: page.number,
    badge: stateBadge(page, i18n),
    price: format.money(page.total, page.currency),
    interval: intervalText(page, t),
    next: nextSentence(page, i18n),
    lines: page.lines.map((line) => ({
      description: line.description,
      detail: lineDetail(line, page.currency, i18n),
      amount: format.money(lineAmount(line, page.currency), page.currency),
    })),
    tax: taxOf(page, i18n),
    facts: factsOf(page, actor, i18n),
    billing: billingOf(page, i18n),
    invoices: page.invoices.map((invoice) => invoiceItem(invoice, page, slug, i18n)),
  };
}

/** "2 hours × $40.00 · Tax 8%", or its taxes by name. */
function lineDetail(
  { quantity, unit, unit_price, tax_rate, taxes = [] }: SubscriptionRow['lines'][number],
  currency: string,
  { t, format }: I18n,
): string {
  const counted = [format.number(quantity), unit].filter(Boolean).join(' ');
  const alone = Number(quantity) === 1 && !unit;
  const tax = Number(tax_rate) ? [t('Tax {{rate}}', { rate: format.percent(tax_rate) })] : [];
  const named = taxes.map((one) => taxLabel(one, format));
  return [alone ? null : `${counted} × ${format.price(unit_price, currency)}`, ...(taxes.length ? named : tax)]
    .filter(Boolean)
    .join(' · ');
}

function taxOf({ lines, currency }: SubscriptionPage, { format }: I18n): string | null {
  const { tax } = totalsOf(lines, currency);
  return tax ? format.money(tax, currency) : null;
}

function nextSentence(page: SubscriptionPage, { t, format }: I18n): string {
  const date = (day: string) => ({ date: format.date(day) });
  const { state, paused_until, ends_on, trial_until } = page;
  const next = nextBilling(page);
  if (state === 'ended') return t('No more invoices will be made.');
  if (state === 'paused')
    return paused_until
      ? t('Paused until {{date}}. Nothing is invoiced until then.', date(paused_until))
      : t('Paused. Nothing is invoiced until it is resumed.');
  if (!next) return t('No more invoices will be made. It ends on {{date}}.', date(ends_on ?? page.start_on));
  if (state === 'trial' && trial_until) return t('Free until {{date}}; the first invoice follows.', date(trial_until));
  return t('The next invoice is made on {{date}}.', date(next));
}

function factsOf(page: SubscriptionPage, actor: Actor, { t, format }: I18n): Fact[] {
  const { start_on, trial_until, ends_on, paused_from, paused_until, sends } = page;
  const next = nextBilling(page);
  const fact = (label: string, value: string | null, sub: string | null = null) =>
    value ? [{ label: t(label), value, sub }] : [];
  const day = (one: string | null) => one && format.date(one);
  return [
    ...fact('Next invoice', day(next)),
    ...fact('Started on', day(start_on)),
    ...fact('Trial until', day(trial_until)),
    ...fact('Paused from', day(paused_from), paused_until && t('until {{date}}', { date: format.date(paused_until) })),
    ...fact('Ends on', day(ends_on)),
    ...(actor.side === 'staff' ? fact('Invoices', t(sends ? 'Sent automatically' : 'Kept as drafts for review')) : []),
  ];
}

function billingOf(page: SubscriptionPage, { t, format }: I18n): PlanView['billing'] {
  const names = page.participants.flatMap(({ name, partner_id }) => (partner_id ? [name] : []));
  const fact = (label: string, value: string) => (value ? [{ label: t(label), value, sub: null }] : []);
  return {
    name: page.partner,
    lines: page.address.split('\n').filter((line) => line.trim()),
    tax_number: page.tax_number,
    recipients: format.list(names),
    facts: [
      ...fact('Payment terms', t('{{count}} days', { count: page.terms_days })),
      ...fact('PO number', page.reference),
    ],
  };
}

function invoiceItem(
  { id, type, number, state, total, from_on, until_on }: SubscriptionPage['invoices'][number],
  { currency }: SubscriptionPage,
  slug: string,
  { t, format }: I18n,
): PlanView['invoices'][number] {
  const { label = state, tone = 'quiet' } = typeNamed(type).stateLabels[state] ?? {};
  return {
    url: `/${slug}/documents/${number ?? id}`,
    label: number ?? t('Draft'),
    period: `${format.shortDate(from_on)} – ${format.shortDate(until_on)}`,
    badge: { tone, label: t(label) },
    total: format.money(total, currency),
  };
}
