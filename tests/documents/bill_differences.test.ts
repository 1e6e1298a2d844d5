import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Difference, describeDifferences } from '../../src/activity/difference.js';
import { typeNamed } from '../../src/document_types/index.js';
import { billDifferences } from '../../src/documents/content/bill_differences.js';
import { type Line, withTotals } from '../../src/documents/content/content.js';
import { formatFor } from '../../src/pages/format.js';
import { translatorFor } from '../../src/pages/i18n.js';
import { seeded } from '../support/random.js';

type Bill = Parameters<typeof billDifferences>[0];
type Order = NonNullable<Parameters<typeof billDifferences>[1]>;

const line = (id: string, changed: Partial<Line> = {}): Line => ({
  ...{ id, position: 1, group_name: '', description: 'Desk', unit: 'pc', quantity: '2', unit_price: '100' },
  ...{ discount_percent: '0', tax_rate: '0', choice: '' as const, picked: true, refused: false },
  ...{ delivery_on: null, origin_line: null, amount: 0, ...changed },
});

const priced = (lines: Line[], currency = 'USD') =>
  withTotals({
    ...{ title: '', currency, issued_on: '2026-03-01', due_on: null, delivery_on: null },
    ...{ reference: '', terms: '', note: '', partial_payments: false, reference_required: false },
    ...{ signature_required: false, tax_included: false, deposit_percent: '0', lines },
  }).lines;

const TERMS = { due_on: '2026-03-31', tolerance: '0' };
const HEAD = { partner_id: 'vendor', currency: 'USD', tax_included: false };

const order = (lines: Line[], changed: Partial<Order> = {}): Order => ({
  ...HEAD,
  ...{ type: 'purchase_order', state: 'acknowledged', lines },
  remaining: new Map(lines.map(({ id, quantity }) => [id, quantity])),
  ...changed,
});

const bill = (lines: Line[], changed: Partial<Bill> = {}): Bill => ({
  ...HEAD,
  ...{ due_on: TERMS.due_on, lines: priced(lines) },
  ...changed,
});

const written = (found: Difference[], locale = 'en-US') =>
  describeDifferences(found, 'billed', 'USD', {
    t: translatorFor(locale),
    format: formatFor({ locale, time_zone: 'UTC' }),
  }).map((one) => Object.values(one));

test('a bill differs from its order in price, discount, quantity, unit, tax and words, and by lines', () => {
  const ordered = [line('a'), line('b', { description: 'Lamp' }), line('c', { description: 'Rug' })];
  const billed = bill([
    line('x', { origin_line: 'a', discount_percent: '10', tax_rate: '19', unit: 'box' }),
    line('y', { origin_line: 'b', description: 'Lamps', unit_price: '110', quantity: '3' }),
    line('z', { description: 'Freight', quantity: '1' }),
  ]);
  assert.deepEqual(written(billDifferences(billed, order(ordered), { ...TERMS, tolerance: '5' })), [
    ['Desk', 'Another discount', '0%', '10%', -2_000],
    ['Desk', 'Another tax rate', '0%', '19%', 0],
    ['Desk', 'Another unit', 'pc', 'box', 0],
    ['Lamps', 'Another price', '100.00', '110.00', 3_000],
    ['Lamps', 'Another quantity', '2', '3', 10_000],
    ['Lamps', 'Other words', 'Lamp', 'Lamps', 0],
    ['Freight', 'Not in the order', null, '1', 10_000],
  ]);
  const lenient = billDifferences(billed, order(ordered), { ...TERMS, tolerance: '50' });
  assert.deepEqual(
    lenient.map(({ field }) => field),
    ['discount_percent', 'tax_rate', 'unit', 'description', 'added'],
  );
});

test('a line of an order that is billed twice over is no equal; in two parts it is', () => {
  const twice = [line('x', { origin_line: 'a' }), line('y', { origin_line: 'a' })];
  const found = billDifferences(bill(twice), order([line('a')]), TERMS);
  assert.deepEqual(
    found.map(({ line: of, field, before, after, amount }) => [of?.id, field, before, after, amount]),
    [['y', 'quantity', '0', '2', 20_000]],
  );
  const parts = bill(twice.map((part) => ({ ...part, quantity: '1' })));
  assert.deepEqual(billDifferences(parts, order([line('a')]), TERMS), []);
});

test('it is judged as a whole: the vendor’s yes, currency, tax, payment terms', () => {
  const lines = [line('x', { origin_line: 'a', unit_price: '119', quantity: '1', tax_rate: '19' })];
  const ordered = [line('a', { unit_price: '119', quantity: '1', tax_rate: '19' })];
  assert.deepEqual(billDifferences(bill(lines), order(ordered), TERMS), []);
  const gross = order(ordered, { tax_included: true, state: 'declined', currency: 'KWD' });
  assert.deepEqual(written(billDifferences(bill(lines, { due_on: '2026-03-08' }), gross, TERMS), 'de-DE'), [
    ['Die Rechnung', 'Status der Bestellung', 'Bestätigt', 'Abgelehnt'],
    ['Die Rechnung', 'Andere Währung', 'KWD', 'USD'],
    ['Alle Positionen', 'Preise einschließlich USt.', 'ja', 'nein', 1_900],
    ['Die Rechnung', 'Anderes Fälligkeitsdatum', '31. März 2026', '8. März 2026'],
  ]);
  // Without an order, the terms were agreed all the same; without a date of its own, it is due by them.
  assert.equal(billDifferences(bill(lines, { due_on: '2026-03-08' }), null, TERMS).length, 1);
  assert.deepEqual(billDifferences(bill(lines, { due_on: null }), null, TERMS), []);
});

type Change = (bill: Bill, order: Order, at: number) => [Bill, Order];

const changeLine =
  (change: (line: Line) => Partial<Line>): Change =>
  (given, ordered, at) => {
    const lines = given.lines.map((one, index) => (index === at ? { ...one, ...change(one) } : one));
    return [{ ...given, lines: priced(lines, given.currency) }, ordered];
  };

const STATES = typeNamed('purchase_order').states.filter(
  (state) => !typeNamed('purchase_order').billable?.includes(state),
);

/** Each makes an equal bill another one, whatever was random about it. */
const CHANGES: Record<string, Change> = {
  'a dearer unit': changeLine(({ unit_price }) => ({ unit_price: String(Number(unit_price) + 0.000001) })),
  'a cheaper unit': changeLine(({ unit_price }) => ({ unit_price: String(Number(unit_price) / 2) })),
  'another discount': changeLine(({ discount_percent }) => ({
    discount_percent: discount_percent === '0' ? '1' : '0',
  })),
  'another tax rate': changeLine(({ tax_rate }) => ({ tax_rate: tax_rate === '19' ? '7' : '19' })),
  'another unit': changeLine(({ unit }) => ({ unit: `${unit}s` })),
  'another heading': changeLine(({ group_name }) => ({ group_name: `${group_name}!` })),
  'other words': changeLine(({ description }) => ({ description: `${description} ` })),
  'no line of the order': changeLine(() => ({ origin_line: null })),
  'a line of another order': changeLine(() => ({ origin_line: 'elsewhere' })),
  'one line more': (given, ordered) => [
    { ...given, lines: priced([...given.lines, line('more', { quantity: '0.0001' })]) },
    ordered,
  ],
  'the same rows again': (given, ordered) => [
    { ...given, lines: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap(() => given.lines) },
    ordered,
  ],
  'a currency': (given, ordered) => [{ ...given, currency: 'KWD', lines: priced(given.lines, 'KWD') }, ordered],
  'a tax mode': (given, ordered) => [{ ...given, tax_included: !given.tax_included }, ordered],
  'a vendor': (given, ordered) => [{ ...given, partner_id: 'another' }, ordered],
  'a due date': (given, ordered) => [{ ...given, due_on: '2026-03-30' }, ordered],
  'the order’s state': (given, ordered, at) => [given, { ...ordered, state: STATES[at % STATES.length] ?? '' }],
  'the order’s line': (given, ordered, at) => [
    given,
    { ...ordered, lines: ordered.lines.filter(({ id }) => id !== given.lines[at]?.origin_line) },
  ],
  'another bill sent meanwhile': (given, ordered, at) => {
    const { origin_line, quantity = '0' } = given.lines[at] ?? {};
    const less = String(Math.max(0, Number(quantity) - 0.0001));
    return [given, { ...ordered, remaining: new Map(ordered.remaining).set(String(origin_line), less) }];
  },
};

test('parts of what is left are equal; any change of one is not, whatever it is', () => {
  const upTo = seeded(20_261_129);
  for (let round = 0; round < 100; round++) {
    const ordered = Array.from({ length: 1 + upTo(4) }, (_, n) =>
      line(`o${n}`, {
        ...{ description: `Line ${n}`, unit: ['pc', 'h', ''][upTo(3)] ?? '', group_name: ['', 'Hall'][upTo(2)] ?? '' },
        ...{ quantity: String(1 + upTo(400) / 4), unit_price: String(1 + upTo(1e6) / 1000) },
        ...{ discount_percent: ['0', '12.5'][upTo(2)] ?? '0', tax_rate: ['0', '7', '19'][upTo(3)] ?? '0' },
      }),
    );
    const agreed = order(ordered);
    const parts = ordered.map((one, n) =>
      line(`b${n}`, {
        ...one,
        id: `b${n}`,
        origin_line: one.id,
        quantity: String((Number(one.quantity) * (1 + upTo(8))) / 8),
      }),
    );
    const equal = bill(parts.filter((_, n) => n === 0 || upTo(10) < 7));
    assert.deepEqual(billDifferences(equal, agreed, TERMS), [], JSON.stringify(equal));
    const at = upTo(equal.lines.length);
    for (const [what, change] of Object.entries(CHANGES))
      assert.notDeepEqual(billDifferences(...change(equal, agreed, at), TERMS), [], `${what} of line ${at}`);
  }
});
