import Big from 'big.js';
import { read } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { taxLabel } from '../../documents/taxes/tax_label.js';
import { ratesOn, type TaxRate, taxRates } from '../../documents/taxes/tax_rates.js';
import { NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import type { Badge, Link, Stat } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isOffered } from '../../subjects/may.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { itemById, type ItemRow, type ItemUse, itemUses, MOST_USES } from './item_queries.js';

interface Use {
  url: string;
  number: string | null;
  title: string;
  partner: string | null;
  badge: Badge;
  date: string;
  quantity: string;
  price: string;
  amount: string;
}

interface ItemPageInput {
  title: string;
  code: string;
  archived: boolean;
  picture: { url: string | null; save_url: string; error: string | null };
  /** Null for who doesn't keep the catalog. */
  keeps: { edit_url: string; archive_url: string } | null;
  facts: { label: string; value: string }[];
  description: string;
  vendors: { url: string; name: string; code: string; price: string }[];
  stats: Stat[];
  sold: Use[];
  bought: Use[];
  /** Only the newest lines are counted: how many. */
  counted: number | null;
}

export const itemShow = defineView<ItemPageInput>('items/show');

export const showItem = async (ctx: RequestContext) => ctx.res.send(await itemPage(ctx, {}));

/** An item with where it was sold and bought. `errors`: what was wrong with its picture. @throws NotFound */
export async function itemPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const id = pathId(req, 'item');
  const [[item], uses, rates] = await read(db.pool, actor, itemById(actor, id), itemUses(actor, id), taxRates(actor));
  if (!item) throw new NotFound();
  const i18n = i18nOf(actor);
  const list = `/${membership.slug}/items`;
  const url = `${list}/${id}`;
  const rows = (side: 'customer' | 'vendor') =>
    uses.filter((use) => typeNamed(use.type).partner === side).map((use) => useRow(use, membership.slug, i18n));
  return contextPage(ctx, itemShow, item.name, {
    ...{ title: item.name, code: item.code, archived: item.archived_at !== null, description: item.description },
    picture: { url: pictureUrl(url, item), save_url: `${url}/picture`, error: errors['photo'] ?? null },
    keeps: isOffered(actor, 'partners') ? { edit_url: `${url}/edit`, archive_url: `${url}/archive` } : null,
    facts: factsOf(item, rates, { currency: membership.organization_currency, day: today(actor) }, i18n),
    vendors: item.vendors.map((vendor) => ({
      ...{ url: `/${membership.slug}/partners/${vendor.partner_id}`, name: vendor.name, code: vendor.code },
      price: vendor.price === null ? '–' : priceText(vendor.price, vendor.currency, i18n),
    })),
    stats: [...totals(uses, 'receivable', i18n), ...totals(uses, 'payable', i18n)],
    ...{ sold: rows('customer'), bought: rows('vendor') },
    counted: uses.length >= MOST_USES ? MOST_USES : null,
  });
}

const SHOWN = 16;
/** Another picture has another address, so that it can be kept by browsers. */
const pictureUrl = (url: string, { picture_sha256 }: Pick<ItemRow, 'picture_sha256'>) =>
  picture_sha256 ? `${url}/picture?v=${picture_sha256.slice(0, SHOWN)}` : null;

const priceText = (price: string, currency: string, { format }: I18n) => `${format.price(price, currency)} ${currency}`;

function factsOf(
  item: ItemRow,
  rates: readonly TaxRate[],
  { currency, day }: { currency: string; day: string },
  i18n: I18n,
): ItemPageInput['facts'] {
  const { t, format } = i18n;
  const taxes = ratesOn(rates, item.tax_series ?? [], day);
  const facts = [
    [t('Group'), item.group_name],
    [t('Unit'), item.unit],
    [t('Price'), item.prices.map(({ price, currency }) => priceText(price, currency, i18n)).join(' · ')],
    [t('Taxes'), taxes.map(({ name, percent }) => taxLabel({ name, rate: percent }, format)).join(' + ')],
    [t('Cost (your team only)'), item.cost === null ? '' : priceText(item.cost, currency, i18n)],
    [t('Added'), `${format.date(item.created_at.toISOString().slice(0, 10))} · ${item.added_by}`],
  ] as const;
  return facts.filter(([, value]) => value).map(([label, value]) => ({ label, value }));
}

function useRow(use: ItemUse, slug: string, { t, format }: I18n): Use {
  const { label = use.state, tone = 'quiet' } = typeNamed(use.type).stateLabels[use.state] ?? {};
  return {
    ...{ url: `/${slug}/documents/${use.number ?? use.document_id}`, number: use.number, title: use.title },
    ...{ partner: use.partner, badge: { tone, label: t(label) }, date: format.shortDate(use.issued_on) },
    quantity: `${format.number(use.quantity)} ${use.unit}`.trim(),
    price: format.price(use.unit_price, use.currency),
    amount: format.money(use.amount, use.currency),
  };
}

/** What was invoiced to customers, or billed by vendors, by currency, with the last price; drafts and void ones aside. */
function totals(uses: readonly ItemUse[], owes: 'receivable' | 'payable', i18n: I18n): Stat[] {
  const { t, format } = i18n;
  const counted = uses.filter(({ type, state }) => {
    const { states, uncounted = [], ...of } = typeNamed(type);
    return of.owes === owes && state !== states[0] && !uncounted.includes(state);
  });
  return [...new Set(counted.map(({ currency }) => currency))].map((currency) => {
    const own = counted.filter((use) => use.currency === currency);
    const amount = own.reduce((sum, use) => sum + use.amount, 0);
    const quantity = own.reduce((sum, use) => sum.plus(use.quantity), Big(0)).toString();
    const [last] = own;
    return {
      label: t(owes === 'receivable' ? 'Invoiced ({{currency}})' : 'Billed ({{currency}})', { currency }),
      value: format.money(amount, currency),
      sub: t('{{quantity}} in all, last at {{price}}', {
        quantity: format.number(quantity),
        price: last ? format.price(last.unit_price, currency) : '',
      }),
    };
  });
}

/** Where the list is, for the way back. */
export const itemsLink = (slug: string, { t }: Pick<I18n, 't'>): Link => ({
  href: `/${slug}/items`,
  label: `← ${t('Catalog')}`,
});
