import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

interface Tongue {
  t: Translate;
  format: Format;
}

/**
 * One thing that differs, in words: of which line, what, as it was expected, as it is, and by how much the amount is
 * higher (minor units).
 */
export interface Differing {
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

interface Wish {
  what: string;
  was: { quantity: string; unit_price: string; delivery_on: string | null };
  quantity?: string;
  unit_price?: string;
  delivery_on?: string;
}

/** Why a line of a bill differs from its order, and how what stood there is written. */
const WHY: Record<string, { label: string; write?: (value: string, currency: string, format: Format) => string }> = {
  price: { label: 'Another price', write: (value, currency, format) => format.price(value, currency) },
  quantity: { label: 'Another quantity', write: (value, _currency, format) => format.number(value) },
  tax: { label: 'Another tax rate', write: (value, _currency, format) => format.percent(value) },
  words: { label: 'Other words', write: (value) => value },
  added: { label: 'Not in the order', write: (value, _currency, format) => format.number(value) },
  missing: { label: 'Ordered, not billed', write: (value, _currency, format) => format.number(value) },
};

/** Where a bill differs from its order, in words. */
export const describeDifferences = (differences: Difference[], currency: string, { t, format }: Tongue): Differing[] =>
  differences.map(({ what, why, before, after, amount }) => {
    const { label, write } = WHY[why] ?? { label: why };
    const written = (value: string) => (value && write ? write(value, currency, format) : null);
    return { what, field: t(label), before: written(before), after: written(after), amount };
  });

/** A vendor's wishes for an order, in words. */
export function describeProposedChanges(wishes: Wish[], currency: string, { t, format }: Tongue): Differing[] {
  const day = (date: string | null) => (date ? format.date(date) : null);
  return wishes.flatMap(({ what, was, quantity, unit_price, delivery_on }) => [
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
