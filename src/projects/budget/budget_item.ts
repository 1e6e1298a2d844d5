import Big from 'big.js';
import { currencyDigits } from '../../input/currency.js';
import { lineAmount } from '../../documents/content/totals.js';

/** A row of a budget. Decimals as strings in the budget's currency; `cost` and `price` of all of it in minor units. */
export interface BudgetItem {
  organization_id: string;
  id: string;
  project_id: string;
  group_id: string;
  /** A decimal, as text. */
  position: string;
  name: string;
  unit: string;
  quantity: string;
  unit_cost: string;
  /** In percent; null: the price is fixed. */
  markup: string | null;
  unit_price: string;
  cost: number;
  price: number;
  vendor_id: string | null;
  task_id: string | null;
  /** The item of the catalog that it was filled from. */
  catalog_id?: string | null;
  added_by: string;
}

/** What an item's price follows from. */
interface Priced {
  quantity?: string | undefined;
  unit_cost?: string | undefined;
  markup?: string | undefined;
  unit_price?: string | undefined;
}

type ItemPrices = Pick<BudgetItem, 'quantity' | 'unit_cost' | 'markup' | 'unit_price' | 'cost' | 'price'>;

/** Quantity × unit as a line's amount is reckoned, in minor units. */
export const amountOf = (quantity: string, unit_price: string, currency: string): number =>
  lineAmount({ quantity, unit_price, discount_percent: '0' }, currency);

/**
 * An item's prices. A price per unit that is given is kept; else it is cost × (1 + markup), rounded to as many decimals
 * as the currency or the cost has, so that a document can show it.
 */
export function pricesOf(given: Priced, currency: string): ItemPrices {
  const { quantity = '1', unit_cost = '0', markup, unit_price } = given;
  const percent = markup ?? '0';
  const decimals = Math.max(currencyDigits(currency), (unit_cost.split('.')[1] ?? '').length);
  const marked = Big(unit_cost).times(Big(100).plus(percent)).div(100).round(decimals, Big.roundHalfUp).toFixed();
  // A sheet may say both: its price is fixed only if it is another.
  const fixed = unit_price !== undefined && (markup === undefined || !Big(unit_price).eq(marked));
  const price = fixed ? unit_price : marked;
  return {
    ...{ quantity, unit_cost, markup: fixed ? null : percent, unit_price: price },
    cost: amountOf(quantity, unit_cost, currency),
    price: amountOf(quantity, price, currency),
  };
}
