import type { Actor } from '../../db/scope.js';
import { type DocumentType, has } from '../../document_types/index.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { type Sort, SORTS } from '../../documents/queries/list_clauses.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { ColumnHead, Filters, Link, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { Membership } from '../../people/identify.js';
import { isOffered } from '../../subjects/may.js';
import { converted, type PreferredRate } from '../../people/preferences/exchange_rates.js';
import { approximately, rateText } from '../../people/preferences/preferred_amount.js';
import { listedTypes } from '../settings/modules_menu.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { type DocumentRow, documentRow, isUnpriced } from '../shared/rows.js';

import { filterText, filtersOf } from './list_filters_view.js';
import { isFiltered, type ListParams, listUrl } from './list_request.js';
import { exportLinks } from './table_file.js';

/** A list of documents, for both sides. */
interface ListInput extends ListColumns {
  title: string;
  tabs: Tab[];
  filters: Filters;
  filtered: boolean;
  /** The filters as text, for print. */
  said: string;
  heads: Record<'number' | 'date' | 'due' | 'total', ColumnHead>;
  documents: (DocumentRow & { preferred: string | null })[];
  /** The rates of the preferred amounts: "≈ USD at 0.9302, Nov 28". */
  rates: string[];
  next: string | null;
  exports: Link[];
  /** The form that saves the list as a view. */
  keep: { action: string; path: string } | null;
  saved_views: (Link & { current: boolean })[];
  create: Link | null;
  empty: { title: string; text: string };
}

/** Which columns there are. */
interface ListColumns {
  /** Documents of all types. */
  of_all: boolean;
  /** Of orders: what is not billed yet. */
  orders: boolean;
  unpriced: boolean;
  owed: boolean;
  due_label: string;
}

export const listPage = defineView<ListInput>('lists/list');

/** What a list's page is made from. */
export interface ListPage {
  types: DocumentType[];
  params: ListParams;
  url: string;
  day: string;
  found: ListedDocument[];
  more: boolean;
  projects: { id: string; key: string; name: string }[];
  /** To filter by; none where there are too many to choose from, or on a partner's list. */
  partners: { id: string; name: string }[];
  /** To the currency that the reader prefers. */
  rates: PreferredRate[];
  /** How many are to be processed; null where there is no such tab. */
  to_process: number | null;
}

/** What differs by side: the tabs, the states to filter by, the words for an empty list. */
export function listView({ actor, membership }: RequestContext, list: ListPage): ListInput {
  const { params, url, day, found, more } = list;
  const { slug, organization } = membership;
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const type = onlyType(list);
  return {
    ...columnsOf(type, i18n),
    title: t(type?.plural ?? 'All documents'),
    tabs: type ? tabsOf(type, list, side, i18n) : [],
    filters: filtersOf(list, actor, i18n),
    filtered: isFiltered(params),
    said: filterText(params, i18n),
    heads: headsOf(url, params),
    documents: found.map((row) => ({
      ...documentRow(row, slug, side, day, i18n),
      preferred: preferredTotal(row, list.rates, i18n),
    })),
    rates: ratesShown(found, list.rates, i18n),
    next: more ? listUrl(url, params, { before: found.at(-1)?.id ?? null }) : null,
    exports: exportLinks((format) => listUrl(url, params, { format })),
    keep: viewForm(list, slug),
    saved_views: viewLinks(list, membership),
    create: type && mayStart(type, actor, membership) ? newLink(type, url, i18n) : null,
    empty: emptyState(type, side, organization, i18n),
  };
}

/** A customer has no list of bills to begin one in. */
const mayStart = (type: DocumentType, actor: Actor, membership: Membership) =>
  listedTypes(actor, membership).includes(type) && isOffered(actor, { start: type });

const newLink = ({ label }: DocumentType, url: string, { t }: I18n): Link => ({
  href: `${url}/new`,
  label: t(`New ${label.toLowerCase()}`),
});

/** The type of a list that has only one. */
const onlyType = ({ types }: ListPage) => (types.length === 1 ? types[0] : undefined);

const columnsOf = (type: DocumentType | undefined, { t }: I18n): ListColumns => ({
  of_all: !type,
  orders: type?.billedBy !== undefined,
  unpriced: type !== undefined && has(type, 'unpriced'),
  owed: !type || type.owes !== undefined,
  due_label: t(type?.due ?? 'Due'),
});

function tabsOf(type: DocumentType, { url, params, to_process }: ListPage, side: string, { t }: I18n): Tab[] {
  const tab = (name: string | null, label: string, count: Tab['count'] = null): Tab => ({
    href: listUrl(url, params, { show: name }),
    label: t(label),
    count,
    current: params.filter.tab === name,
  });
  const count = to_process !== null && to_process > 99 ? '99+' : to_process;
  const tabs = type.tabs
    .filter((one) => !one.side || one.side === side)
    .map(({ name, label }) => tab(name, label, name === 'to_process' ? count : null));
  return [...tabs, tab(null, 'All')];
}

/** Where each column's head leads: to the list sorted by it, or, if it already is, to the reverse. */
function headsOf(url: string, params: ListParams): ListInput['heads'] {
  const { sort, turned } = params.filter;
  const head = (name: Sort): ColumnHead => {
    const current = sort === name;
    const down = SORTS[name].down !== turned;
    return {
      href: listUrl(url, params, { sort: name, turned: current && !turned ? '1' : null }),
      sorted: current ? (down ? 'descending' : 'ascending') : null,
    };
  };
  return { number: head('number'), date: head('date'), due: head('due'), total: head('total') };
}

/** An address below the organization's, as saved views keep it. */
const pathBelow = (slug: string, address: string) => address.slice(slug.length + 2);

/** A list without filters is in the navigation already. */
const viewForm = ({ params, url }: ListPage, slug: string): ListInput['keep'] =>
  isFiltered(params) || params.filter.tab
    ? { action: `/${slug}/settings/saved-views`, path: pathBelow(slug, listUrl(url, params)) }
    : null;

/** The reader's saved views of this list. */
const viewLinks = ({ params, url }: ListPage, { slug, saved_views }: Membership): ListInput['saved_views'] =>
  saved_views
    .filter(({ path }) => path.split('?')[0] === pathBelow(slug, url))
    .map(({ name, path }) => {
      const href = `/${slug}/${path}`;
      return { label: name, href, current: href === listUrl(url, params) };
    });

function preferredTotal(row: ListedDocument, rates: ListPage['rates'], i18n: I18n): string | null {
  const amount = isUnpriced(row) ? null : converted(row.total, row.currency, rates);
  return amount && approximately(amount, i18n);
}

/** Each rate once. */
const ratesShown = (found: ListedDocument[], rates: ListPage['rates'], i18n: I18n): string[] =>
  [...new Set(found.map(({ currency }) => currency))].flatMap((currency) => {
    const one = converted(0, currency, rates);
    return one ? `${currency} → ${one.currency} ${rateText(one, i18n)}` : [];
  });

function emptyState(type: DocumentType | undefined, side: string, organization: string, { t }: I18n) {
  const title = t('Nothing here yet');
  if (side === 'staff')
    return {
      title,
      text: t(
        'What you send arrives by email with a link that opens it; a reply to that email appears on the document.',
      ),
    };
  const things = t(type?.plural ?? 'Documents');
  return {
    title,
    text: t('{{things}} of {{name}} will appear here and in your inbox.', { things, name: organization }),
  };
}
