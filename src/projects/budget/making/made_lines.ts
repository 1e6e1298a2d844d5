import type { DocumentType } from '../../../document_types/index.js';
import Big from 'big.js';
import { currencyDigits, fromMinor } from '../../../input/currency.js';
import { Invalid } from '../../../errors.js';
import { amountOf } from '../budget_item.js';
import type { BudgetRow } from '../budget_rows.js';
import { makingKind, type Share } from './making_kinds.js';

/** A line of a document, of an item. */
export interface MadeLine {
  row: BudgetRow;
  /** Decimals. */
  quantity: string;
  unit_price: string;
  /** Minor units. */
  amount: number;
  /** It brings what was agreed to the budget, and doesn't move it again. */
  follows: boolean;
}

/** By the ids of items: the part of the quantity that is wanted, as a decimal. */
export type Parts = ReadonlyMap<string, string>;

/**
 * The lines that a document of this type would have of items: all that is left of each, or the wanted part of its
 * quantity. @throws Invalid for a part of more than is left
 */
export function madeLines(
  type: DocumentType,
  rows: readonly BudgetRow[],
  { parts, currency }: { parts: Parts; currency: string },
): MadeLine[] {
  const kind = makingKind(type);
  return rows.flatMap((row) => {
    const share = kind?.share?.(row);
    if (!kind || !share) return [];
    const part = parts.get(row.id);
    const { left, quantity, follows = false } = share;
    if (part === undefined && (kind.priced ? left <= 0 : left === 0 && !quantity)) return [];
    if (part !== undefined && kind.priced && quantity !== null && Number(part) > quantity) refusePart(row, quantity);
    const unit_price = priceOfOne(kind.priced, share, currency);
    const line = (quantity: string, unit_price: string) => ({
      ...{ row, quantity, unit_price, follows },
      amount: amountOf(quantity, unit_price, currency),
    });
    if (part !== undefined) return Number(part) > 0 ? [line(part, unit_price)] : [];
    const whole = quantity !== null && quantity > 0 ? line(String(quantity), unit_price) : null;
    // What is left goes by its amount, if no price of one comes to it.
    return [whole && (whole.amount === left || !kind.priced) ? whole : line('1', fromMinor(left, currency))];
  });
}

/** The budget's price of one, or else what one comes to of an amount that was agreed, invoiced or ordered otherwise. */
function priceOfOne(priced: boolean, { left, quantity, unit_price }: Share, currency: string): string {
  if (!priced || quantity === null || quantity <= 0 || left <= 0) return unit_price;
  const asked = String(quantity);
  if (amountOf(asked, unit_price, currency) === left) return unit_price;
  const each = Big(fromMinor(left, currency)).div(quantity);
  const short = each.round(currencyDigits(currency), Big.roundHalfUp).toFixed();
  return amountOf(asked, short, currency) === left ? short : each.round(6, Big.roundHalfUp).toFixed();
}

function refusePart({ id, name }: BudgetRow, quantity: number): never {
  const left = String(Math.max(0, quantity));
  throw new Invalid({ [`part_${id}`]: 'Of “{{name}}” {{left}} are left.' }, { name, left });
}
