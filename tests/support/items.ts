import { withActor } from '../../src/db/scope.js';
import { addItem, type ItemFields } from '../../src/documents/items/item.js';
import type { Harbor } from './harbor.js';
import type { Portal } from './portal.js';

/** Glass panes by the piece, unless said otherwise. */
export const PANE: ItemFields = {
  ...{ code: 'GL-6', name: 'Pane of toughened glass', description: '6 mm, edges ground', unit: 'panes' },
  ...{ group_name: 'Glass', cost: '231.5', tax_series: null, vendors: [] },
  prices: [
    { currency: 'USD', price: '412' },
    { currency: 'EUR', price: '389.9' },
  ],
};

/** An item of the organization's catalog. Returns its id. */
export const addedItem = (
  { knex }: Pick<Portal, 'knex'>,
  { staff }: Pick<Harbor, 'staff'>,
  fields: Partial<ItemFields> = {},
): Promise<string> => withActor(knex, staff, (db) => addItem(db, staff, { ...PANE, ...fields }));
