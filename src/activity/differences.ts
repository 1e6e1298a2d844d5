import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

interface I18n {
  t: Translate;
  format: Format;
}

/** A difference as its reader sees it: the line, what differs in it, both values, the amount it adds (minor units). */
export interface DescribedDifference {
  what: string;
  field: string;
  before: string | null;
  after: string | null;
  amount?: number;
}

interface Difference {
  what: string;
  why: string;
  before: string;
  after: string;
  amount: number;
}

/** What a vendor would change in a line of an order. */
interface ProposedChange {
  what: string;
  was: { quantity: string; unit_price: string; delivery_on: string | null };
  quantity?: string;
  unit_price?: string;
  delivery_on?: string;
}

/** The ways in which a line of a bill can differ from its order, and how its values are formatted. */
const REASONS: Record<string, { label: string; write?: (value: string, currency: string, format: Format) => string }> =
  {
    price: { label: 'Another price', write: (value, currency, format) => format.price(value, currency) },
    quantity: { label: 'Another quantity', write: (value, _currency, format) => format.number(value) },
    tax: { label: 'Another tax rate', write: (value, _currency, format) => format.percent(value) },
    words: { label: 'Other words', write: (value) => value },
    added: { label: 'Not in the order', write: (value, _currency, format) => format.number(value) },
    missing: { label: 'Ordered, not billed', write: (value, _currency, format) => format.number(value) },
  };

/** Where a bill differs from its order. */
export const describeDifferences = (
  differences: Difference[],
  currency: string,
  { t, format }: I18n,
): DescribedDifference[] =>
  differences.map(({ what, why, before, after, amount }) => {
    const { label, write } = REASONS[why] ?? { label: why };
    const formatted = (value: string) => (value && write ? write(value, currency, format) : null);
    return { what, field: t(label), before: formatted(before), after: formatted(after), amount };
  });

/** What a vendor would change in an order. */
export function describeProposedChanges(
  changes: ProposedChange[],
  currency: string,
  { t, format }: I18n,
): DescribedDifference[] {
  const day = (date: string | null) => (date ? format.date(date) : null);
  return changes.flatMap(({ what, was, quantity, unit_price, delivery_on }) => [
    ...(quantity === undefined
      ? []
      : [{ what, field: t('Quantity'), before: format.number(was.quantity), after: format.number(quantity) }]),
    ...(unit_price === undefined
      ? []
      : [
          {
            what,
            field: t('Price'),
            before: format.price(was.unit_price, currency),
            after: format.price(unit_price, currency),
          },
        ]),
    ...(delivery_on === undefined
      ? []
      : [{ what, field: t('Delivery'), before: day(was.delivery_on), after: day(delivery_on) }]),
  ]);
}
