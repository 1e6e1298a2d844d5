import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { Invalid, NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** What one is sold for: a decimal in a currency. */
export interface ItemPrice {
  currency: string;
  price: string;
}

/** Who sells it to the organization, under which code (or '') and for how much (null: unknown). */
export interface ItemVendor {
  partner_id: string;
  code: string;
  currency: string;
  price: string | null;
}

/** What is sold and bought, as its form has it. */
export interface ItemFields {
  code: string;
  name: string;
  description: string;
  unit: string;
  group_name: string;
  /** A decimal in the organization's currency; null: unknown. */
  cost: string | null;
  /** Series of taxes; null: those that its customer pays. */
  tax_series: string[] | null;
  prices: ItemPrice[];
  vendors: ItemVendor[];
}

/** Says whether an item is still as it was when its form was opened. */
export const itemSeen = (fields: ItemFields): string => hashOf(JSON.stringify(orderedItem(fields)));

/** With its keys, prices and vendors in one order, wherever it comes from. */
const orderedItem = ({ prices, vendors, ...item }: ItemFields) => [
  ...[item.code, item.name, item.description, item.unit, item.group_name, item.cost && Number(item.cost)],
  item.tax_series,
  prices.map(({ currency, price }) => `${currency} ${Number(price)}`).toSorted(),
  vendors
    .map(({ partner_id, code, currency, price }) => [partner_id, code, currency, price && Number(price)].join(' '))
    .toSorted(),
];

/** Adds an item to the catalog, and records it. Returns its id. @throws NotAllowed; Invalid by field */
export async function addItem(db: Knex.Transaction, actor: Actor, fields: ItemFields): Promise<string> {
  const organization_id = requireKeeper(actor);
  const { prices, vendors, ...columns } = fields;
  await refuseTaken(db, organization_id, fields, null);
  const id = newId();
  await db('items').insert({ ...columns, organization_id, id, created_by: actor.person_id });
  await replaceOffers(db, { organization_id, id }, { prices, vendors });
  await recordItem(db, actor, 'add_item', { id, name: fields.name });
  return id;
}

/**
 * Changes an item, and records the fields that changed. `seen`: what its form was opened with.
 * @throws NotAllowed, NotFound; Invalid by field, or if somebody else has changed it since
 */
export async function changeItem(
  db: Knex.Transaction,
  actor: Actor,
  id: string,
  fields: ItemFields,
  seen: string,
): Promise<void> {
  const organization_id = requireKeeper(actor);
  const before = await lockItem(db, organization_id, id);
  if (itemSeen(before) !== seen)
    throw new Invalid({ form: 'Somebody else has changed this item. Open it again to see it as it is now.' });
  if (itemSeen(fields) === seen) return;
  const { prices, vendors, ...columns } = fields;
  await refuseTaken(db, organization_id, fields, id);
  await db('items').where({ organization_id, id }).update(columns);
  await replaceOffers(db, { organization_id, id }, { prices, vendors });
  await recordItem(db, actor, 'change_item', { id, name: fields.name });
}

/** Takes an item out of the lists and of what completes lines, or puts it back. @throws NotAllowed, NotFound */
export async function archiveItem(db: Knex.Transaction, actor: Actor, id: string, archive: boolean): Promise<void> {
  const organization_id = requireKeeper(actor);
  const { name, archived_at } = await lockItem(db, organization_id, id);
  if ((archived_at !== null) === archive) return;
  await db('items')
    .where({ organization_id, id })
    .update({ archived_at: archive ? db.raw('app_now()') : null });
  await recordItem(db, actor, archive ? 'archive_item' : 'restore_item', { id, name });
}

/** Sets an item's picture by the hash of its bytes in the storage; null takes it off. @throws NotAllowed, NotFound */
export async function setItemPicture(
  db: Knex.Transaction,
  actor: Actor,
  id: string,
  picture_sha256: string | null,
): Promise<void> {
  const organization_id = requireKeeper(actor);
  const { name } = await lockItem(db, organization_id, id);
  await db('items').where({ organization_id, id }).update({ picture_sha256 });
  await recordItem(db, actor, 'change_item', { id, name });
}

function requireKeeper(actor: Actor): string {
  requireMay(actor, 'partners');
  if (!actor.organization_id) throw new NotFound();
  return actor.organization_id;
}

type LockedItem = ItemFields & { archived_at: Date | null };

/** The item as it is, for nobody else to change meanwhile. @throws NotFound */
async function lockItem(db: Knex.Transaction, organization_id: string, id: string): Promise<LockedItem> {
  const item = await db('items').where({ organization_id, id }).forUpdate().first();
  if (!item) throw new NotFound();
  const prices = await db('item_prices').where({ organization_id, item_id: id }).select('currency', 'price');
  const vendors = await db('item_vendors')
    .where({ organization_id, item_id: id })
    .select('partner_id', 'code', 'currency', 'price');
  return { ...item, prices, vendors };
}

/** @throws Invalid if another item has this code */
async function refuseTaken(
  db: Knex.Transaction,
  organization_id: string,
  { code }: ItemFields,
  id: string | null,
): Promise<void> {
  if (!code) return;
  // Two who take the same code at once: the later waits here, and is refused.
  await db.raw('select pg_advisory_xact_lock(hashtextextended(?, 85))', [`${organization_id} ${code.toLowerCase()}`]);
  const { rows } = await db.raw<{ rows: { id: string; name: string }[] }>(
    'select id, name from items where organization_id = ? and code_key = lower(?) limit 1',
    [organization_id, code],
  );
  const [found] = rows;
  if (found && found.id !== id) throw new Invalid({ code: '“{{name}}” has this code already.' }, { name: found.name });
}

/** @throws Invalid if a vendor is unknown */
async function replaceOffers(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string; id: string },
  { prices, vendors }: Pick<ItemFields, 'prices' | 'vendors'>,
): Promise<void> {
  const ids = vendors.map(({ partner_id }) => partner_id);
  const known = await db('partners').where({ organization_id, is_vendor: true }).whereIn('id', ids).pluck('id');
  const unknown = ids.findIndex((one) => !known.includes(one));
  if (unknown >= 0) throw new Invalid({ [`vendor.${unknown}`]: 'Choose a vendor.' });
  const own = { organization_id, item_id: id };
  await db('item_prices').where(own).delete();
  await db('item_vendors').where(own).delete();
  if (prices.length) await db('item_prices').insert(prices.map((row) => ({ ...row, ...own })));
  if (vendors.length) await db('item_vendors').insert(vendors.map((row) => ({ ...row, ...own })));
}

const recordItem = (db: Knex.Transaction, actor: Actor, action: string, item: { id: string; name: string }) =>
  record(db, actor, { action, details: { name: item.name, item: item.id }, visible_to: 'staff' });
