import { type DocumentType, has } from '../../document_types/index.js';
import type { Bookmark } from './bookmark_queries.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { type Sort, SORTS } from '../../documents/queries/list_clauses.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { mayCreate } from '../../documents/drafts/create.js';
import { documentRow } from '../shared/document_row.js';
import { i18nOf } from '../shared/layout.js';
import { addressOf, type ListParams, FILTERS, isFiltered } from './list_request.js';
import type { RequestContext } from '../shared/request_context.js';

interface Found {
  types: DocumentType[];
  asked: ListParams;
  url: string;
  day: string;
  found: ListedDocument[];
  more: boolean;
  projects: { id: string; key: string; name: string }[];
  /** To choose from; none where there are too many, or it is a partner's list. */
  partners: { id: string; name: string }[];
  bookmarks: Bookmark[];
  /** How many are to be processed; null where there is no such tab. */
  waiting: number | null;
}

/** Everything that views/lists/list.ejs needs. */
export function listView({ actor, membership }: RequestContext, list: Found) {
  const { types, asked, url, day, found, more } = list;
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const [type] = types.length === 1 ? types : [];
  const filtered = isFiltered(asked);
  const path = (address: string) => address.slice(membership.slug.length + 2);
  return {
    title: t(type?.plural ?? 'All documents'),
    of_all: !type,
    orders: type !== undefined && ['purchase_order', 'work_order', 'sales_order'].includes(type.name),
    due_label: t(type?.due ?? 'Due'),
    unpriced: type !== undefined && has(type, 'unpriced'),
    owed: !type || type.owes !== undefined,
    tabs: type ? tabsOf(url, type, asked, side, list.waiting, i18n) : [],
    filters: filtersOf(list, side, i18n),
    filtered,
    said: saidOf(list, i18n),
    heads: headsOf(url, asked),
    documents: found.map((row) => documentRow(row, membership.slug, side, day, i18n)),
    next: more ? addressOf(url, asked, { before: found.at(-1)?.id ?? null }) : null,
    exports: ['csv', 'xlsx'].map((format) => ({
      href: addressOf(url, asked, { format }),
      label: format.toUpperCase(),
    })),
    keep:
      filtered || asked.narrowing.tab
        ? { action: `/${membership.slug}/bookmarks`, path: path(addressOf(url, asked)) }
        : null,
    bookmarks: list.bookmarks
      .filter((bookmark) => bookmark.path.split('?')[0] === path(url))
      .map(({ name, path }) => ({
        label: name,
        href: `/${membership.slug}/${path}`,
        current: `/${membership.slug}/${path}` === addressOf(url, asked),
      })),
    create: type && mayCreate(actor, type) ? { href: `${url}/new`, label: t(`New ${type.label.toLowerCase()}`) } : null,
    empty: emptyOf(type, side, membership.organization, i18n),
  };
}

function tabsOf(url: string, type: DocumentType, asked: ListParams, side: string, waiting: number | null, { t }: I18n) {
  const own = type.tabs.filter((tab) => !tab.side || tab.side === side);
  const tabs = own.map(({ name, label }) => ({
    name,
    label: t(label),
    count: name === 'to_process' && waiting !== null ? (waiting > 99 ? '99+' : waiting) : null,
  }));
  return [...tabs, { name: null, label: t('All'), count: null }].map(({ name, label, count }) => ({
    href: addressOf(url, asked, { show: name }),
    label,
    count,
    current: asked.narrowing.tab === name,
  }));
}

function filtersOf({ types, asked, url, projects, partners }: Found, side: string, i18n: I18n) {
  const { typed, narrowing } = asked;
  const { t } = i18n;
  const kept = {
    show: narrowing.tab,
    partner: partners.length ? null : typed.partner,
    sort: asked.sorted ? narrowing.sort : null,
  };
  const hidden = { ...kept, turned: narrowing.turned ? '1' : null };
  return {
    action: url,
    search: { name: 'q', value: typed.q, label: t('Search') },
    choices: choicesOf(types, asked, { projects, partners }, side, i18n),
    fields: rangesOf(asked, i18n),
    more: RANGES.some(([name]) => typed[name] !== ''),
    hidden: Object.fromEntries(Object.entries(hidden).filter(([, value]) => value)),
    clear: isFiltered(asked) ? addressOf(url, asked, NOTHING) : null,
  };
}

const NOTHING = Object.fromEntries(FILTERS.map((name) => [name, null]));
const RANGES = [
  ['from', 'date', 'From'],
  ['to', 'date', 'To'],
  ['least', 'number', 'Amount from'],
  ['most', 'number', 'Amount to'],
] as const;

const rangesOf = ({ typed, errors }: ListParams, { t }: I18n) =>
  RANGES.map(([name, kind, label]) => {
    const error = errors[name] ? t(errors[name]) : null;
    return { name, id: `filter-${name}`, kind, label: t(label), value: typed[name], error, optional: false };
  });

function choicesOf(
  types: DocumentType[],
  { narrowing }: ListParams,
  { projects, partners }: Pick<Found, 'projects' | 'partners'>,
  side: string,
  { t }: I18n,
) {
  const any = { value: '', label: t('Any') };
  const labels = types.flatMap(({ states, stateLabels, startedBy }) =>
    states
      .filter((state) => state !== 'draft' || side === startedBy)
      .map((state) => [state, t(stateLabels[state]?.label ?? state)] as const),
  );
  const states = [...new Map(labels)].map(([value, label]) => ({ value, label }));
  const named = projects.map(({ id, key, name }) => ({ value: id, label: `${key} · ${name}` }));
  const state = { name: 'state', label: t('State'), value: narrowing.state ?? '', choices: [any, ...states] };
  const project = { name: 'project', label: t('Project'), value: narrowing.project_id ?? '', choices: [any, ...named] };
  const names = partners.map(({ id, name }) => ({ value: id, label: name }));
  const partner = { name: 'partner', label: t('Partner'), value: narrowing.partner_id ?? '', choices: [any, ...names] };
  return [state, ...(partners.length ? [partner] : []), ...(projects.length ? [project] : [])];
}

/** The filters in words, for print. */
const saidOf = ({ asked }: Found, { t, format }: I18n) =>
  [
    asked.typed.q,
    asked.narrowing.from && t('from {{day}}', { day: format.date(asked.narrowing.from) }),
    asked.narrowing.to && t('to {{day}}', { day: format.date(asked.narrowing.to) }),
  ]
    .filter(Boolean)
    .join(' · ');

/** How each column's head turns the list: once by it, then the other way round. */
function headsOf(url: string, asked: ListParams) {
  const { sort, turned } = asked.narrowing;
  const head = (name: Sort) => {
    const mine = sort === name;
    const down = SORTS[name].down !== turned;
    return {
      href: addressOf(url, asked, { sort: name, turned: mine && !turned ? '1' : null }),
      sorted: mine ? (down ? 'descending' : 'ascending') : null,
    };
  };
  return { number: head('number'), date: head('date'), due: head('due'), total: head('total') };
}

function emptyOf(type: DocumentType | undefined, side: string, organization: string, { t }: I18n) {
  const things = t(type?.plural ?? 'Documents');
  return side === 'staff'
    ? {
        title: t('Nothing here yet'),
        text: t(
          'What you send arrives by email with a link that opens it; a reply to that email appears on the document.',
        ),
      }
    : {
        title: t('Nothing here yet'),
        text: t('{{things}} of {{name}} will appear here and in your inbox.', { things, name: organization }),
      };
}
