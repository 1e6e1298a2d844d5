import { z } from 'zod';
import { read } from '../../db/scope.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { PAGE_SIZE, searchWords } from '../../documents/queries/list.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { today } from '../../pages/days.js';
import type { ColumnHead, Filters, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered } from '../../subjects/may.js';
import { BYTE_ORDER_MARK, type Cell, csvLine } from '../lists/csv_file.js';
import { exportKind } from '../lists/list_export.js';
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
  export_url: string;
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
  if (exportKind(req) === 'csv') return exportItems(ctx, filterOf(params));
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
      export_url: urlOf(url, params, { format: 'csv' }),
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
const BATCH = 2000;
const HEADS = ['Code', 'Name', 'Group', 'Unit', 'Cost', 'Currency', 'Price'];

/** A line for each price, sent while it is read. */
async function exportItems(ctx: RequestContext, filter: ItemFilter): Promise<void> {
  const { res, db, actor } = ctx;
  const { t } = i18nOf(actor);
  res.attachment(`items-${today(actor)}.csv`).type('text/csv; charset=utf-8');
  res.write(
    `${BYTE_ORDER_MARK}${csvLine(
      HEADS.map((name) => t(name)),
      actor.locale,
    )}`,
  );
  let after: string | null = null;
  for (let count = 0; count < MOST_ROWS && !res.destroyed; count += BATCH) {
    const [found]: [ListedItem[]] = await read(db.pool, actor, itemList(actor, { ...filter, after }, BATCH));
    const lines = found.slice(0, BATCH).flatMap((item) => cellsOf(item, actor.locale));
    if (lines.length && !res.write(lines.map((cells) => csvLine(cells, actor.locale)).join('')))
      await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
    after = found[BATCH - 1]?.id ?? null;
    if (found.length <= BATCH) break;
  }
  res.end();
}

function cellsOf({ code, name, group_name, unit, cost, prices }: ListedItem, locale: string): Cell[][] {
  const decimal = (value: string | null) => (value === null ? '' : formatDecimalInput(value, locale));
  const own = [code, name, group_name, unit, decimal(cost)];
  if (!prices.length) return [[...own, '', '']];
  return prices.map(({ currency, price }) => [...own, currency, decimal(price)]);
}
