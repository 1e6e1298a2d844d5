import type { QueryRows } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { usualInvoice } from '../../document_types/relations.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { methodLabel } from '../../input/payment_methods.js';
import type { Link } from '../../pages/views/components.js';
import type { AccountPart } from '../../payments/ledger/account_parts.js';
import { isOffered } from '../../subjects/may.js';
import { overdue } from '../../document_types/shared/dates.js';
import { type AccountBalance, type AccountFacts, balanceIn } from './account_balance.js';
import type { PartnerHome } from './home_queries.js';

/** What is to be paid next, at the head of a customer's page. */
interface NextPayment {
  tone: 'late' | 'waiting' | 'good';
  label: string;
  amount: string | null;
  /** The invoice, if it is one. */
  document: (Link & { number: string }) | null;
  text: string | null;
  /** The page's one primary button. */
  pay: Link | null;
}

/** A customer's account. */
export interface Account {
  next: NextPayment;
  then: (Link & { text: string }) | null;
  balances: (AccountBalance & { pay: Link | null })[];
}

interface LastPayment {
  amount: string;
  text: string;
  document: Link;
  reference: string | null;
  receipt_url: string;
  all_url: string;
}

/** What is owed, most urgent first, and what the balance consists of in each currency. */
export function accountView(results: QueryRows<PartnerHome>, facts: AccountFacts): Account {
  const [open, , balances, , [organization], , parts] = results;
  const online = organization?.online ?? false;
  const unpaid = open.filter(({ paying }) => !paying);
  const late = unpaid.filter((row) => overdue(row, facts.day));
  const [next] = unpaid.filter((row) => !late.includes(row));
  const currencies = new Set([...parts, ...balances].map(({ currency }) => currency));
  if (!currencies.size && organization) currencies.add(organization.currency);
  const { slug, i18n } = facts;
  return {
    next:
      late.length > 1 ? severalLate(open, late, parts, online, facts) : oneNext(late[0] ?? next, open, online, facts),
    then:
      late.length && next
        ? { href: documentUrl(slug, next), label: next.title || (next.number ?? ''), text: dueText(next, i18n) }
        : null,
    balances: [...currencies].map((currency) => ({
      ...balanceIn(currency, parts, balances, facts),
      pay:
        unpaid.filter((row) => row.currency === currency && isPayable(row, online, facts)).length > 1
          ? { href: `/${slug}/pay?currency=${currency}&all=1`, label: i18n.t('Pay all') }
          : null,
    })),
  };
}

const documentUrl = (slug: string, { number, id }: Pick<ListedDocument, 'number' | 'id'>) =>
  `/${slug}/documents/${number ?? id}`;

const dueText = ({ open, currency, due_on }: ListedDocument, { format }: I18n) =>
  [format.money(open, currency), due_on && format.date(due_on)].filter(Boolean).join(' · ');

function oneNext(
  row: ListedDocument | undefined,
  open: ListedDocument[],
  online: boolean,
  facts: AccountFacts,
): NextPayment {
  const { i18n, slug, day } = facts;
  const { t, format } = i18n;
  if (!row) {
    const label = open.length ? t('Payment processing') : t('Nothing outstanding');
    const text = open.length ? t('You can see what became of it on the invoice.') : null;
    return { tone: open.length ? 'waiting' : 'good', label, amount: null, document: null, text, pay: null };
  }
  const late = overdue(row, day);
  const { number, title, due_on, currency } = row;
  const date = due_on && format.date(due_on);
  return {
    tone: late ? 'late' : 'waiting',
    label: late ? t('Overdue') : t('Next due'),
    amount: format.money(row.open, currency),
    document: { href: documentUrl(slug, row), label: title, number: number ?? '' },
    text: date && (late ? t('Was due {{date}}', { date }) : t('Due {{date}}', { date })),
    pay: payLink(row, online, facts),
  };
}

/** Where it is paid, if its reader may pay it online; or else its page, which says how. */
function payLink(row: ListedDocument, online: boolean, facts: AccountFacts): Link {
  const { open, currency } = row;
  const { slug, i18n } = facts;
  const url = documentUrl(slug, row);
  return isPayable(row, online, facts)
    ? { href: `${url}/pay`, label: i18n.t('Pay {{amount}}', { amount: i18n.format.money(open, currency) }) }
    : { href: url, label: i18n.t('Open invoice') };
}

function isPayable(row: ListedDocument, online: boolean, { actor, day }: AccountFacts): boolean {
  const reminded = { reminders: 0, reminded_on: null, reminder_days: [], promised_on: null, disputed_on: null };
  const facts = { credit: 0, sent_on: null, partial_payments: false, ...reminded };
  const subject = { ...row, ...facts, online, signature_required: false, reference_required: false };
  const action = typeNamed(row.type).actions['pay'];
  return Boolean(action && isOffered(actor, { name: 'pay', action, subject, today: day }));
}

/** Several are late: their sum in each currency, without what is being paid, and the way to them. */
function severalLate(
  open: ListedDocument[],
  late: ListedDocument[],
  parts: AccountPart[],
  online: boolean,
  facts: AccountFacts,
): NextPayment {
  const { i18n, slug, day } = facts;
  const { t, format } = i18n;
  const coming = (currency: string) =>
    open
      .filter((row) => row.paying && row.currency === currency && overdue(row, day))
      .reduce((sum, row) => sum + row.open, 0);
  const sums = parts
    .filter(({ part }) => part === 'overdue')
    .map(({ currency, amount }) => ({ currency, amount: amount - coming(currency) }))
    .filter(({ amount }) => amount > 0);
  const [oldest] = late;
  const date = oldest?.due_on ? format.date(oldest.due_on) : '';
  const types = new Set(late.map(({ type }) => type));
  const path = types.size === 1 && oldest ? typeNamed(oldest.type).path : usualInvoice.path;
  return {
    tone: 'late',
    label: t('Overdue'),
    amount: format.list(sums.map(({ currency, amount }) => format.money(amount, currency))),
    document: null,
    text: t('Several invoices; the oldest was due {{date}}.', { date }),
    pay: late.some((row) => isPayable(row, online, facts))
      ? { href: `/${slug}/pay?currency=${sums[0]?.currency ?? ''}`, label: t('Pay what is overdue') }
      : { href: `/${slug}/${path}?show=outstanding`, label: t('See outstanding invoices') },
  };
}

/** The last payment that arrived. */
export function lastPaymentView(
  [last]: QueryRows<PartnerHome>[7],
  slug: string,
  { t, format }: I18n,
): LastPayment | null {
  if (!last) return null;
  const { id, amount, currency, day, method, reference, number, document_id } = last;
  return {
    amount: format.money(amount, currency),
    text: `${format.date(day)} · ${methodLabel(method, t)}`,
    document: { href: documentUrl(slug, { number, id: document_id }), label: number ?? '' },
    reference: reference || null,
    receipt_url: `/${slug}/payments/${id}`,
    all_url: `/${slug}/payments`,
  };
}
