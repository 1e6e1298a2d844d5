import Big from 'big.js';
import type { Difference, DifferenceField, DifferenceValue } from '../../activity/difference.js';
import type { Line } from './content.js';
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
  ...(['description', 'quantity', 'unit', 'unit_price', 'discount_percent'] as const),
  'delivery_on',
] as const;
const DECIMALS = new Set<DifferenceField>([
  'quantity',
  'unit_price',
  'discount_percent',
  'tax_rate',
  'deposit_percent',
]);
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
export const difference = (line: Line | null, field: DifferenceField, before: Given, after: Given): Difference => ({
  line: line && { id: lineKey(line), description: line.description },
  field,
  before: before === '' ? null : (before ?? null),
  after: after === '' ? null : (after ?? null),
});

// What was typed says "1", what was stored "1.0000".
const differs = ({ field, before, after }: Difference) =>
  DECIMALS.has(field) ? !isEqual(before, after) : before !== after;

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
      ...(was && is ? [taxDifference(line, was, is), difference(line, 'choice', choiceOf(was), choiceOf(is))] : []),
      difference(line, 'amount', was?.amount, is?.amount),
    ];
  });
}

/** In their names, or in the percentage where neither has one. */
const taxDifference = (line: Line | null, was: Line, is: Line): Difference =>
  was.taxes?.length || is.taxes?.length
    ? difference(line, 'taxes', taxesOf(was), taxesOf(is))
    : difference(line, 'tax_rate', was.tax_rate, is.tax_rate);

const taxesOf = ({ taxes = [], tax_rate }: Line) =>
  (taxes.length ? taxes : [{ name: '', rate: tax_rate }])
    .map(({ name, rate }) =>
      [name, Number(rate) && !name.includes(Big(rate).toString()) ? `${Big(rate).toString()} %` : '']
        .filter(Boolean)
        .join(' '),
    )
    .join(' + ');

const choiceOf = ({ choice, picked, refused }: Line) =>
  refused ? 'not offered' : choice ? (picked ? 'chosen' : 'not chosen') : null;

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
const isEqual = (was: DifferenceValue, is: DifferenceValue) =>
  was === is || (was !== null && is !== null && Number(was) === Number(is));
