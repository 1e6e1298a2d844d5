import Big from 'big.js';
import type { Difference, DifferenceField } from '../../activity/difference.js';
import { typeNamed } from '../../document_types/index.js';
import type { Line } from './content.js';
import { difference } from './differences.js';
import type { Document } from './document.js';
import { isCounted, lineAmount, totalsOf } from './totals.js';

type Head = Pick<Document, 'partner_id' | 'currency' | 'tax_included'>;

/** A bill, as far as it is judged. */
interface Bill extends Head, Pick<Document, 'due_on'> {
  lines: Line[];
}

/** Its order as it is now; `remaining`: by line, the quantity that no other bill has. */
interface Order extends Head, Pick<Document, 'type' | 'state'> {
  lines: Line[];
  remaining: ReadonlyMap<string, string>;
}

/** What was agreed with the vendor: when it is due, and by how many percent prices and quantities may differ. */
interface Terms {
  due_on: string;
  tolerance: string;
}

/**
 * Where a bill differs from what was agreed: from its order as a whole, and from the payment terms. None: they are
 * equal. A part of what is left of the order, at its prices, is equal, too.
 */
export function billDifferences(bill: Bill, order: Order | null, { due_on, tolerance }: Terms): Difference[] {
  const due = bill.due_on !== null && bill.due_on !== due_on ? [difference(null, 'due_on', due_on, bill.due_on)] : [];
  return order
    ? [...stateDifference(order), ...headDifferences(bill, order), ...due, ...lineDifferences(bill, order, tolerance)]
    : due;
}

/** An order may be billed while its vendor's yes stands. */
function stateDifference({ type, state }: Order): Difference[] {
  const { billable = [], stateLabels } = typeNamed(type);
  if (billable.includes(state)) return [];
  const label = (name = '') => stateLabels[name]?.label ?? name;
  return [difference(null, 'order_state', label(billable[0]), label(state))];
}

function headDifferences(bill: Bill, order: Order): Difference[] {
  const vendor = bill.partner_id === order.partner_id ? [] : [difference(null, 'partner', null, 'another vendor')];
  const currency =
    bill.currency === order.currency ? [] : [difference(null, 'currency', order.currency, bill.currency)];
  return [...vendor, ...currency, ...taxDifference(bill, order)];
}

/** The same prices come to more if only one of the two includes tax in them. */
function taxDifference({ lines, currency, tax_included }: Bill, order: Order): Difference[] {
  if (order.tax_included === tax_included) return [];
  const net = (included: boolean) => totalsOf(lines, currency, included).subtotal;
  const answer = (included: boolean) => (included ? 'yes' : 'no');
  const amount = net(tax_included) - net(order.tax_included);
  return [{ ...difference(null, 'tax_included', answer(order.tax_included), answer(tax_included)), amount }];
}

/** What one line bills of the order is no longer left for the next. */
function lineDifferences(bill: Bill, order: Order, tolerance: string): Difference[] {
  const ordered = new Map(order.lines.filter(isCounted).map((line) => [line.id, line]));
  const left = new Map(order.remaining);
  return bill.lines.flatMap((line) => {
    const was = ordered.get(line.origin_line ?? '');
    if (!was || !isCounted(line)) return [{ ...difference(line, 'added', null, line.quantity), amount: line.amount }];
    const rest = left.get(was.id) ?? '0';
    left.set(was.id, Big(rest).minus(line.quantity).toString());
    return lineDifference(line, was, Big(rest).lt(0) ? '0' : rest, { tolerance, currency: bill.currency });
  });
}

function lineDifference(
  line: Line,
  was: Line,
  left: string,
  { tolerance, currency }: { tolerance: string; currency: string },
): Difference[] {
  const by = (before: string, after: string) => Big(after).minus(before);
  const allowed = (before: string) => Big(before).abs().times(tolerance).div(100);
  const amountOf = (quantity: string) => lineAmount({ ...was, quantity }, currency);
  const found: Difference[] = [];
  const add = (field: DifferenceField, before: string, after: string, amount = 0) =>
    found.push({ ...difference(line, field, before, after), amount });
  const priced = by(was.unit_price, line.unit_price).abs().gt(allowed(was.unit_price));
  const price = priced ? 'unit_price' : 'discount_percent';
  if (priced || !Big(was.discount_percent).eq(line.discount_percent))
    add(price, was[price], line[price], line.amount - amountOf(line.quantity));
  if (by(left, line.quantity).gt(allowed(left)))
    add('quantity', left, line.quantity, amountOf(line.quantity) - amountOf(left));
  if (!Big(was.tax_rate).eq(line.tax_rate)) add('tax_rate', was.tax_rate, line.tax_rate);
  for (const field of ['unit', 'group_name', 'description'] as const)
    if (was[field] !== line[field]) add(field, was[field], line[field]);
  return found;
}
