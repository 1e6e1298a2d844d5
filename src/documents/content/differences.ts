import Big from 'big.js';
import type { Difference, DifferenceField, DifferenceValue } from '../../activity/difference.js';
import type { Line } from './content.js';
import { lineAmount, totalsOf } from './totals.js';
import type { Snapshot } from './version.js';

const FIELDS = [
  'title',
  'issued_on',
  'due_on',
  'delivery_on',
  'reference',
  'terms',
  'note',
  'deposit_percent',
] as const;
const LINE_FIELDS = [
  ...(['description', 'quantity', 'unit', 'unit_price', 'discount_percent', 'tax_rate'] as const),
  'delivery_on',
] as const;
const PROPOSABLE = ['quantity', 'unit_price', 'delivery_on'] as const;

/** What differs between two versions of a document: fields, lines (matched by id) and total. */
export function versionDifferences(before: Snapshot, after: Snapshot): Difference[] {
  return [
    ...FIELDS.map((field) => difference(null, field, before[field], after[field])),
    ...versionLines(before, after),
    difference(null, 'total', before.total, after.total),
  ].filter(differs);
}

type Given = DifferenceValue | undefined;

/** Empty text counts as none. */
const difference = (line: Line | null, field: DifferenceField, before: Given, after: Given): Difference => ({
  line: line && { id: lineKey(line), description: line.description },
  field,
  before: before === '' ? null : (before ?? null),
  after: after === '' ? null : (after ?? null),
});

const differs = ({ before, after }: Difference) => before !== after;

/** Old versions have lines without ids, which are matched by description. */
const lineKey = ({ id, description }: Line) => id ?? description;

/** A line that only one of the two has differs in its amount. */
function versionLines(before: Snapshot, after: Snapshot): Difference[] {
  const byKey = ({ lines }: Snapshot) => new Map(lines.map((line) => [lineKey(line), line]));
  const [old_lines, new_lines] = [byKey(before), byKey(after)];
  return [...new Set([...old_lines.keys(), ...new_lines.keys()])].flatMap((key) => {
    const [was, is] = [old_lines.get(key), new_lines.get(key)];
    const line = is ?? was ?? null;
    return [
      ...(was && is ? LINE_FIELDS.map((field) => difference(line, field, was[field], is[field])) : []),
      ...(was && is ? [difference(line, 'choice', choiceOf(was), choiceOf(is))] : []),
      difference(line, 'amount', was?.amount, is?.amount),
    ];
  });
}

const choiceOf = ({ choice, picked, refused }: Line) =>
  refused ? 'not offered' : choice ? (picked ? 'chosen' : 'not chosen') : null;

/** What a bill is compared with: its order's lines, what of each is not billed yet, the vendor's tolerance. */
interface BilledOrder {
  lines: Line[];
  remaining: Map<string, string>;
  currency: string;
  /** In percent of what was ordered: quantities and prices within it don't differ. */
  tolerance: string;
}

/** What differs between a bill's lines and what is not billed yet of its order. What one line bills is billed. */
export function billDifferences(billed: Line[], { remaining, ...rest }: BilledOrder): Difference[] {
  const order = { ...rest, remaining: new Map(remaining) };
  const ordered = new Map(order.lines.map((line) => [line.id, line]));
  const answered = new Set(billed.map(({ origin_line }) => origin_line));
  const missing = order.lines.filter(({ id }) => Number(order.remaining.get(id)) > 0 && !answered.has(id));
  return [
    ...billed.flatMap((line) => billedLine(line, ordered.get(line.origin_line ?? ''), order)),
    ...missing.map((line) => {
      const quantity = order.remaining.get(line.id) ?? '0';
      const amount = -lineAmount({ ...line, quantity }, order.currency);
      return { ...difference(line, 'missing', quantity, null), amount };
    }),
  ];
}

/** The same prices come to more if only one of the two includes tax in them. */
export function taxDifference(billed: Line[], currency: string, ordered: boolean, is: boolean): Difference[] {
  if (ordered === is) return [];
  const net = (tax_included: boolean) => totalsOf(billed, currency, tax_included).subtotal;
  const answer = (included: boolean) => (included ? 'yes' : 'no');
  return [{ ...difference(null, 'tax_included', answer(ordered), answer(is)), amount: net(is) - net(ordered) }];
}

function billedLine(line: Line, ordered: Line | undefined, order: BilledOrder): Difference[] {
  if (!ordered) return [{ ...difference(line, 'added', null, line.quantity), amount: line.amount }];
  const { remaining, currency, tolerance } = order;
  const expected = remaining.get(ordered.id) ?? '0';
  remaining.set(ordered.id, Big(expected).minus(line.quantity).toString());
  const beyond = (was: string, is: string) => Big(is).minus(was).abs().gt(Big(was).abs().times(tolerance).div(100));
  const amountOf = (quantity: string) => lineAmount({ ...ordered, quantity }, currency);
  const found: Difference[] = [];
  const add = (field: DifferenceField, before: string, after: string, amount: number) =>
    found.push({ ...difference(line, field, before, after), amount });
  const price = beyond(ordered.unit_price, line.unit_price) ? 'unit_price' : 'discount_percent';
  if (price === 'unit_price' || !Big(ordered.discount_percent).eq(line.discount_percent))
    add(price, ordered[price], line[price], line.amount - amountOf(line.quantity));
  if (beyond(expected, line.quantity))
    add('quantity', expected, line.quantity, amountOf(line.quantity) - amountOf(expected));
  if (ordered.unit !== line.unit) add('unit', ordered.unit, line.unit, 0);
  if (!Big(ordered.tax_rate).eq(line.tax_rate)) add('tax_rate', ordered.tax_rate, line.tax_rate, 0);
  if (ordered.description !== line.description) add('description', ordered.description, line.description, 0);
  return found;
}

/** What a vendor would change in a line. */
export const proposedDifferences = (line: Line, wanted: Pick<Line, (typeof PROPOSABLE)[number]>): Difference[] =>
  PROPOSABLE.filter((field) => !isEqual(line[field], wanted[field])).map((field) =>
    difference(line, field, line[field], wanted[field]),
  );

/** The lines with what a vendor would change in them. */
export const withProposed = (lines: Line[], proposed: readonly Difference[]): Line[] =>
  lines.map((line) => ({
    ...line,
    ...Object.fromEntries(proposed.filter((one) => one.line?.id === line.id).map(({ field, after }) => [field, after])),
  }));

/** "10" is as much as "10.0000". */
const isEqual = (was: string | null, is: string | null) =>
  was === is || (was !== null && is !== null && Number(was) === Number(is));
