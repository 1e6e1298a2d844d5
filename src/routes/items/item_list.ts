import { z } from 'zod';
import { read } from '../../db/scope.js';
import { PAGE_SIZE, searchWords } from '../../documents/queries/list.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { ColumnHead, Filters, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered } from '../../subjects/may.js';
import type { Cell } from '../lists/csv_file.js';
import { exportKind, exportLinks, sendTable } from '../lists/table_file.js';
import { i18nOf } from '../shared/layout.js';
import { idParam, textParam } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { ITEM_SORTS, type ItemFilter, itemGroups, itemList, type ListedItem } from './item_queries.js';

interface ItemsInput {
  title: string;
  filters: Filters;
  filtered: boolean;
  heads: Record<'name' | 'code', ColumnHead>;
  items: { url: string; name: string; code: string; group: string; unit: string; prices: string[] }[];
  next: string | null;
  exports: Link[];
  create: Link | null;
}

export const itemsView = defineView<ItemsInput>('items/list');

const Params = z.object({
  q: textParam,
  group: textParam,
  show: textParam,
  sort: z.enum(ITEM_SORTS).catch('name'),
  turned: textParam,
  after: idParam,
});
type Params = z.infer<typeof Params>;

const filterOf = ({ q, group, show, sort, turned, after }: Params): ItemFilter => ({
  archived: show === 'archived',
  group: group || null,
  words: searchWords(q),
  ...{ sort, turned: turned === '1', after },
});

/** The address of a list with its filters and order, with `changed` in place of some; of its first page otherwise. */
function urlOf(url: string, { after: _after, ...params }: Params, changed: Record<string, string> = {}): string {
  const all = { ...params, sort: params.sort === 'name' ? '' : params.sort, ...changed };
  const query = new URLSearchParams(Object.entries(all).filter(([, value]) => value));
  return query.size ? `${url}?${query}` : url;
}

/** The catalog as a page, or as a file. */
export async function listItems(ctx: RequestContext) {
  const { req, res, db, actor, membership } = ctx;
  const params = Params.parse(req.query);
  const kind = exportKind(req);
  const heads = HEADS.map((name) => i18nOf(actor).t(name));
  if (kind) return sendTable(ctx, { name: 'items', kind, heads, rows: exportedRows(ctx, filterOf(params)) });
  const [rows, groups] = await read(db.pool, actor, itemList(actor, filterOf(params)), itemGroups(actor));
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${membership.slug}/items`;
  const found = rows.slice(0, PAGE_SIZE);
  const more = rows.length > PAGE_SIZE;
  res.send(
    contextPage(ctx, itemsView, t('Catalog'), {
      title: t('Catalog'),
      filters: filtersOf(params, groups, url, i18n),
      filtered: isFiltered(params),
      heads: { name: head(url, params, 'name'), code: head(url, params, 'code') },
      items: found.map((item) => itemRow(item, url, i18n)),
      next: more ? urlOf(url, params, { after: found.at(-1)?.id ?? '' }) : null,
      exports: exportLinks((format) => urlOf(url, params, { format })),
      create: isOffered(actor, 'partners') ? { href: `${url}/new`, label: t('New item') } : null,
    }),
  );
}

const isFiltered = ({ q, group, show }: Params) => Boolean(q || group || show);

function head(url: string, params: Params, sort: Params['sort']): ColumnHead {
  const current = params.sort === sort;
  const turned = params.turned === '1';
  const href = urlOf(url, params, { sort: sort === 'name' ? '' : sort, turned: current && !turned ? '1' : '' });
  return { href, sorted: current ? (turned ? 'descending' : 'ascending') : null };
}

function filtersOf(params: Params, groups: { name: string }[], url: string, { t }: I18n): Filters {
  const { q, group, show, sort, turned } = params;
  const kept = { sort: sort === 'name' ? '' : sort, turned };
  return {
    action: url,
    search: { name: 'q', value: q, label: t('Search') },
    choices: [
      {
        ...{ name: 'group', label: t('Group'), value: group },
        choices: [{ value: '', label: t('Any') }, ...groups.map(({ name }) => ({ value: name, label: name }))],
      },
      {
        ...{ name: 'show', label: t('State'), value: show },
        choices: [
          { value: '', label: t('In use') },
          { value: 'archived', label: t('Archived') },
        ],
      },
    ],
    hidden: Object.fromEntries(Object.entries(kept).filter(([, value]) => value)),
    clear: isFiltered(params) ? url : null,
  };
}

const itemRow = ({ id, name, code, group_name, unit, prices }: ListedItem, url: string, { format }: I18n) => ({
  ...{ url: `${url}/${id}`, name, code, unit, group: group_name },
  prices: prices.map(({ currency, price }) => `${format.price(price, currency)} ${currency}`),
});

const MOST_ROWS = 100_000;
const BATCH = 500;
const HEADS = ['Code', 'Name', 'Group', 'Unit', 'Cost', 'Currency', 'Price'];

/** A line for each price, read as it is sent. */
async function* exportedRows({ res, db, actor }: RequestContext, filter: ItemFilter): AsyncGenerator<Cell[]> {
  let after: string | null = null;
  for (let count = 0; count < MOST_ROWS && !res.destroyed; count += BATCH) {
    const [found]: [ListedItem[]] = await read(db.pool, actor, itemList(actor, { ...filter, after }, BATCH));
    for (const item of found.slice(0, BATCH)) yield* cellsOf(item);
    after = found[BATCH - 1]?.id ?? null;
    if (found.length <= BATCH) break;
  }
}

function cellsOf({ code, name, group_name, unit, cost, prices }: ListedItem): Cell[][] {
  const decimal = (value: string | null): Cell => (value === null ? null : { decimal: value });
  const own = [code, name, group_name, unit, decimal(cost)];
  if (!prices.length) return [[...own, null, null]];
  return prices.map(({ currency, price }) => [...own, currency, decimal(price)]);
}
