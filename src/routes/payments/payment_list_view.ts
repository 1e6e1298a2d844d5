import type { DocumentType } from '../../document_types/index.js';
import type { Translate } from '../../pages/i18n.js';
import type { Badge, ColumnHead, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { paymentState } from '../documents/history_view.js';
import { methodLabel } from '../../input/payment_methods.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { type ListedPayment, PAGE_SIZE, type PaymentFilter } from './payment_queries.js';

interface PaymentRow {
  href: string;
  date: string;
  /** The other side; for staff. */
  partner: string;
  number: string;
  title: string;
  method: string;
  reference: string;
  badge: Badge;
  amount: string;
}

/** What a customer paid, or a vendor was paid; for staff, both. */
interface PaymentListInput {
  title: string;
  /** One for each type of document that is paid; none if there is only one. */
  tabs: Tab[];
  heads: Record<PaymentFilter['sort'], ColumnHead>;
  payments: PaymentRow[];
  next: string | null;
  empty: { title: string; text: string };
}

export const paymentListView = defineView<PaymentListInput>('payments/list');

/** What the page is made from. `shown`: the path of the only type that is listed; null: all. */
interface PaymentListPage {
  types: readonly DocumentType[];
  shown: string | null;
  filter: PaymentFilter;
  found: ListedPayment[];
}

export function paymentList({ actor, membership }: RequestContext, page: PaymentListPage): PaymentListInput {
  const { slug, organization } = membership;
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { types, shown, found } = page;
  const url = `/${slug}/payments`;
  const tab = (path: string | null, label: string): Tab => ({
    href: listUrl(url, page, { show: path, before: null }),
    label: t(label),
    current: shown === path,
  });
  return {
    title: t('Payments'),
    tabs: types.length > 1 ? [tab(null, 'All'), ...types.map(({ path, plural }) => tab(path, plural))] : [],
    heads: { date: headOf('date', url, page), amount: headOf('amount', url, page) },
    payments: found.slice(0, PAGE_SIZE).map((payment) => rowOf(payment, url, i18n)),
    next: found.length > PAGE_SIZE ? listUrl(url, page, { before: found[PAGE_SIZE - 1]?.id ?? null }) : null,
    empty: {
      title: t('No payments yet'),
      text:
        actor.side === 'staff'
          ? t('Payments that you record or that arrive online appear here.')
          : t('Payments between you and {{name}} will appear here, each with its receipt.', { name: organization }),
    },
  };
}

function rowOf(payment: ListedPayment, url: string, { t, format }: ReturnType<typeof i18nOf>): PaymentRow {
  const { id, kind, day, amount, currency, method, state, number, document_count, title, partner, reference } = payment;
  const [label, tone] = paymentState(state, kind);
  return {
    href: `${url}/${id}`,
    date: format.shortDate(day),
    ...{ partner, number: withOthers(number ?? '', document_count, t), title, reference },
    method: methodLabel(method, t),
    badge: { tone, label: t(label) },
    amount: format.money(amount, currency),
  };
}

/** "INV-0042 and 2 more" */
const withOthers = (number: string, count: number, t: Translate) =>
  count > 1 ? `${number} ${t('and {{count}} more', { count: count - 1 })}` : number;

function headOf(sort: PaymentFilter['sort'], url: string, page: PaymentListPage): ColumnHead {
  const { filter } = page;
  const current = filter.sort === sort;
  return {
    href: listUrl(url, page, { sort, turned: current && !filter.turned ? '1' : null }),
    sorted: current ? (filter.turned ? 'ascending' : 'descending') : null,
  };
}

/** The list's address, with `changed` in place of some of its parameters. It is the first page's, unless `before` is. */
function listUrl(url: string, { shown, filter }: PaymentListPage, changed: Record<string, string | null>): string {
  const { sort, turned } = filter;
  const params = { show: shown, sort: sort === 'date' ? null : sort, turned: turned ? '1' : null, ...changed };
  const query = new URLSearchParams(Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size ? `${url}?${query}` : url;
}
