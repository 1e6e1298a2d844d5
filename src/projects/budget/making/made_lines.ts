import type { DocumentType } from '../../../document_types/index.js';
import { fromMinor } from '../../../input/currency.js';
import { Invalid } from '../../../errors.js';
import { amountOf } from '../budget_item.js';
import type { BudgetRow } from '../budget_rows.js';
import { makingKind } from './making_kinds.js';

/** A line of a document, of an item. */
export interface MadeLine {
  row: BudgetRow;
  /** Decimals. */
  quantity: string;
  unit_price: string;
  /** Minor units. */
  amount: number;
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
    const { left, quantity, unit_price } = share;
    if (part !== undefined) {
      if (kind.priced && quantity !== null && Number(part) > quantity) refusePart(row, quantity);
      return Number(part) > 0
        ? [{ row, quantity: part, unit_price, amount: amountOf(part, unit_price, currency) }]
        : [];
    }
    if (kind.priced ? left <= 0 : left === 0 && !quantity) return [];
    const whole = quantity !== null && quantity > 0 ? amountOf(String(quantity), unit_price, currency) : null;
    if (whole !== null && (whole === left || !kind.priced))
      return [{ row, quantity: String(quantity), unit_price, amount: whole }];
    // What is left goes by its amount: a part of it was invoiced or ordered at another price.
    return [{ row, quantity: '1', unit_price: fromMinor(left, currency), amount: left }];
  });
}

function refusePart({ id, name }: BudgetRow, quantity: number): never {
  const left = String(Math.max(0, quantity));
  throw new Invalid({ [`part_${id}`]: 'Of “{{name}}” {{left}} are left.' }, { name, left });
}
