import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

/** What can differ; `added`: a line that the order doesn't have. */
export type DifferenceField =
  | 'title'
  | 'issued_on'
  | 'due_on'
  | 'delivery_on'
  | 'reference'
  | 'terms'
  | 'note'
  | 'deposit_percent'
  | 'total'
  | 'description'
  | 'quantity'
  | 'unit'
  | 'unit_price'
  | 'discount_percent'
  | 'tax_rate'
  | 'taxes'
  | 'tax_included'
  | 'choice'
  | 'amount'
  | 'added'
  | 'group_name'
  | 'currency'
  | 'partner'
  | 'order_state';

/** Text, a decimal or a day (ISO 8601) as a string, an amount in minor units as a number; null: there is none. */
export type DifferenceValue = string | number | null;

/** A difference between two documents or two versions of one, in a field of a line or of the document itself. */
export interface Difference {
  line: { id: string; description: string } | null;
  field: DifferenceField;
  before: DifferenceValue;
  after: DifferenceValue;
  /** By how much a bill's amount is higher than expected (minor units). */
  amount?: number;
}

/** What a revision changed, as its activity has it; null if the activity is none. */
export const changesIn = ({ changes }: Readonly<Record<string, unknown>>): Difference[] | null =>
  Array.isArray(changes) && changes.length ? (changes as Difference[]) : null;

/** A difference as its reader sees it: the line ('' for the document), what differs, both values formatted. */
export interface DescribedDifference {
  what: string;
  field: string;
  before: string | null;
  after: string | null;
  amount?: number;
}

interface I18n {
  t: Translate;
  format: Format;
}

type Write = (value: string | number, currency: string, i18n: I18n) => string;

const text: Write = (value) => String(value);
const day: Write = (value, _currency, { format }) => format.date(String(value));
const number: Write = (value, _currency, { format }) => format.number(String(value));
const price: Write = (value, currency, { format }) => format.price(String(value), currency);
const percent: Write = (value, _currency, { format }) => format.percent(String(value));
const money: Write = (value, currency, { format }) => format.money(Number(value), currency);
const word: Write = (value, _currency, { t }) => t(String(value));

type FieldTexts = Partial<Record<DifferenceField, [label: string, write: Write]>>;

/** Between two versions: in the document itself, and in a line, whose description comes before the label. */
const VERSION: FieldTexts = {
  title: ['Title', text],
  issued_on: ['Date', day],
  due_on: ['Due', day],
  delivery_on: ['Delivery', day],
  reference: ['Reference', text],
  terms: ['Terms', text],
  note: ['Note', text],
  deposit_percent: ['Deposit', percent],
  total: ['Total', money],
};
const VERSION_LINE: FieldTexts = {
  description: ['words', text],
  quantity: ['quantity', number],
  unit: ['unit', text],
  unit_price: ['price', price],
  discount_percent: ['discount', percent],
  tax_rate: ['tax', percent],
  taxes: ['tax', text],
  delivery_on: ['delivery', day],
  choice: ['choice', word],
  amount: ['', money],
};

/** Between a bill and what was agreed: its order as a whole, and the payment terms. */
const BILL: FieldTexts = {
  order_state: ['State of the order', word],
  partner: ['Another vendor', word],
  currency: ['Another currency', text],
  due_on: ['Another due date', day],
  unit_price: ['Another price', price],
  discount_percent: ['Another discount', percent],
  quantity: ['Another quantity', number],
  unit: ['Another unit', text],
  tax_rate: ['Another tax rate', percent],
  tax_included: ['Prices include tax', word],
  description: ['Other words', text],
  group_name: ['Another heading', text],
  added: ['Not in the order', number],
};

/** Between an order and what its vendor proposes. */
const PROPOSED: FieldTexts = {
  quantity: ['Quantity', number],
  unit_price: ['Price', price],
  delivery_on: ['Delivery', day],
};

/** Writes differences for a reader. `compared`: what differs from what, which decides their words. */
export const describeDifferences = (
  differences: readonly Difference[],
  compared: 'versions' | 'billed' | 'proposed',
  currency: string,
  i18n: I18n,
): DescribedDifference[] => {
  const described = differences.map(({ line, field, before, after, amount }): DescribedDifference => {
    const texts = compared === 'billed' ? BILL : compared === 'proposed' ? PROPOSED : line ? VERSION_LINE : VERSION;
    const [label, write] = texts[field] ?? [field, text];
    const written = (value: DifferenceValue) => (value === null ? null : write(value, currency, i18n));
    return {
      what:
        line?.description ?? (compared === 'billed' ? i18n.t(field === 'tax_included' ? 'All lines' : 'The bill') : ''),
      field: label && i18n.t(label),
      before: written(before),
      after: written(after),
      ...(amount === undefined ? {} : { amount }),
    };
  });
  return described.filter((one, at) => !isAmountOfOnePiece(one, described.slice(0, at)));
};

/** Of one piece the amount is its price, which was said before: without the currency. */
const isAmountOfOnePiece = (one: DescribedDifference, said: DescribedDifference[]): boolean =>
  one.field === '' &&
  said.some(
    ({ what, before, after }) =>
      what === one.what && figure(before) === figure(one.before) && figure(after) === figure(one.after),
  );

const figure = (written: string | null) => written?.replace(/[^\d.,]/g, '');
