import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDifferences, type Difference } from '../../src/activity/difference.js';
import { type Line, withTotals } from '../../src/documents/content/content.js';
import {
  billDifferences,
  taxDifference,
  proposedDifferences,
  versionDifferences,
  withProposed,
} from '../../src/documents/content/differences.js';
import type { Snapshot } from '../../src/documents/content/version.js';
import { formatFor } from '../../src/pages/format.js';
import { translatorFor } from '../../src/pages/i18n.js';
import { changesView } from '../../src/routes/documents/versions_view.js';

const reader = (locale: string) => ({ t: translatorFor(locale), format: formatFor({ locale, time_zone: 'UTC' }) });

const line = (id: string, changed: Partial<Line> = {}): Line => ({
  ...{ id, position: 1, group_name: '', description: 'Desk', unit: 'pc', quantity: '2', unit_price: '100' },
  ...{ discount_percent: '0', tax_rate: '0', choice: '' as const, picked: true, refused: false },
  ...{ delivery_on: null, origin_line: null, amount: 0, ...changed },
});

const party = { name: '', address: '', tax_number: '', email: '' };

const snapshot = (lines: Line[], changed: Partial<Snapshot> = {}): Snapshot => ({
  ...{ type: 'estimate', number: 'EST-0001', version: 1, from: party, to: party, payment_note: '' },
  ...withTotals({
    ...{ title: 'Reception', currency: 'USD', issued_on: '2026-03-01', due_on: null, delivery_on: null },
    ...{ reference: '', terms: '', note: '', partial_payments: false, reference_required: false },
    ...{ signature_required: false, tax_included: false, deposit_percent: '0', lines },
  }),
  ...changed,
});

const rows = (differences: Difference[], locale = 'en-US') =>
  changesView(differences, 'USD', reader(locale)).map(({ what, before, after }) => [what, before, after]);

test('two versions differ in fields, lines and total, each in the reader’s words', () => {
  const before = snapshot([line('a'), line('b', { description: 'Lamp', choice: 'optional', picked: true })]);
  const after = snapshot(
    [line('a', { quantity: '2.5', delivery_on: '2026-04-02' }), line('c', { description: 'Total' })],
    { due_on: '2026-04-01' },
  );
  const differences = versionDifferences(before, after);
  assert.deepEqual(differences.slice(0, 2), [
    { line: null, field: 'due_on', before: null, after: '2026-04-01' },
    { line: { id: 'a', description: 'Desk' }, field: 'quantity', before: '2', after: '2.5' },
  ]);
  assert.deepEqual(rows(differences), [
    ['Due', '', 'April 1, 2026'],
    ['Desk: quantity', '2', '2.5'],
    ['Desk: delivery', '', 'April 2, 2026'],
    ['Desk', '$200.00', '$250.00'],
    ['Lamp', '$200.00', ''],
    ['Total', '', '$200.00'],
    ['Total', '$400.00', '$450.00'],
  ]);
  // The description of a line is its author's, and stays as it is.
  assert.deepEqual(rows(differences, 'de-DE').slice(1, 7), [
    ['Desk: Menge', '2', '2,5'],
    ['Desk: Lieferung', '', '2. April 2026'],
    ['Desk', '200,00 $', '250,00 $'],
    ['Lamp', '200,00 $', ''],
    ['Total', '', '200,00 $'],
    ['Summe', '400,00 $', '450,00 $'],
  ]);
});

test('text that looks like a day, a number or a label is written as it stands', () => {
  const before = snapshot([line('a')], { title: '2026-01-01', note: 'one' });
  const after = snapshot([line('a', { description: 'Rate: price' })], { title: '2026-02-01', note: '' });
  assert.deepEqual(rows(versionDifferences(before, after)), [
    ['Title', '2026-01-01', '2026-02-01'],
    ['Note', 'one', ''],
    ['Rate: price: words', 'Desk', 'Rate: price'],
  ]);
});

test('what became of an option is told', () => {
  const option = (changed: Partial<Line>) => snapshot([line('a', { choice: 'optional', ...changed })]);
  const told = (before: Partial<Line>, after: Partial<Line>) =>
    rows(versionDifferences(option(before), option(after))).find(([what]) => what === 'Desk: choice');
  assert.deepEqual(told({ picked: true }, { picked: false }), ['Desk: choice', 'chosen', 'not chosen']);
  assert.deepEqual(told({ picked: false }, { refused: true }), ['Desk: choice', 'not chosen', 'not offered']);
});

test('a bill differs from its order in price, discount, quantity, unit, tax and words, and by lines', () => {
  const lines = [line('a'), line('b', { description: 'Lamp' }), line('c', { description: 'Rug' })];
  const remaining = new Map([
    ['a', '2'],
    ['b', '2'],
    ['c', '1'],
  ]);
  const billed = withTotals({
    ...snapshot([]),
    lines: [
      line('x', { origin_line: 'a', discount_percent: '10', tax_rate: '19', unit: 'box' }),
      line('y', { origin_line: 'b', description: 'Lamps', unit_price: '110', quantity: '3' }),
      line('z', { description: 'Freight', quantity: '1' }),
    ],
  }).lines;
  const found = billDifferences(billed, { lines, remaining, currency: 'USD', tolerance: '5' });
  assert.deepEqual(
    describeDifferences(found, 'billed', 'USD', reader('en-US')).map((one) => Object.values(one)),
    [
      ['Desk', 'Another discount', '0%', '10%', -2_000],
      ['Desk', 'Another unit', 'pc', 'box', 0],
      ['Desk', 'Another tax rate', '0%', '19%', 0],
      ['Lamps', 'Another price', '100.00', '110.00', 3_000],
      ['Lamps', 'Another quantity', '2', '3', 10_000],
      ['Lamps', 'Other words', 'Lamp', 'Lamps', 0],
      ['Freight', 'Not in the order', null, '1', 10_000],
      ['Rug', 'Ordered, not billed', '1', null, -10_000],
    ],
  );
  const lenient = billDifferences(billed, { lines, remaining, currency: 'USD', tolerance: '50' });
  assert.deepEqual(
    lenient.map(({ field }) => field),
    ['discount_percent', 'unit', 'tax_rate', 'description', 'added', 'missing'],
  );
});

test('a line of an order that is billed twice over is no equal', () => {
  const bill = [line('x', { origin_line: 'a' }), line('y', { origin_line: 'a' })];
  const order = { lines: [line('a')], remaining: new Map([['a', '2']]), currency: 'USD', tolerance: '0' };
  const found = billDifferences(bill, order);
  assert.deepEqual(
    found.map(({ line: of, field, before, after, amount }) => [of?.id, field, before, after, amount]),
    [['y', 'quantity', '0', '2', 20_000]],
  );
  // In two parts it is as much as was ordered.
  const parts = bill.map((part) => ({ ...part, quantity: '1' }));
  assert.equal(
    billDifferences(parts, order).reduce((sum, { amount = 0 }) => sum + amount, 0),
    -10_000,
  );
});

test('the same prices with tax on top are no equal of prices that include it', () => {
  const billed = withTotals({
    ...snapshot([]),
    lines: [line('x', { unit_price: '119', quantity: '1', tax_rate: '19' })],
  });
  assert.deepEqual(taxDifference(billed.lines, 'USD', true, true), []);
  const found = taxDifference(billed.lines, 'USD', true, false);
  assert.deepEqual(describeDifferences(found, 'billed', 'USD', reader('de-DE')), [
    { what: 'Alle Positionen', field: 'Preise enthalten Steuer', before: 'ja', after: 'nein', amount: 1_900 },
  ]);
});

test('what a vendor proposes is a difference for each field, and is applied to its line alone', () => {
  const lines = [line('a', { quantity: '2.0000' }), line('b', { quantity: '2.0000' })];
  const proposed = lines.flatMap((one) =>
    proposedDifferences(one, { quantity: '2', unit_price: '120', delivery_on: one.id === 'a' ? '2026-05-01' : null }),
  );
  assert.deepEqual(
    proposed.map((one) => [one.line?.id, one.field, one.before, one.after]),
    [
      ['a', 'unit_price', '100', '120'],
      ['a', 'delivery_on', null, '2026-05-01'],
      ['b', 'unit_price', '100', '120'],
    ],
  );
  assert.deepEqual(withProposed(lines, proposed.slice(0, 2)), [
    line('a', { quantity: '2.0000', unit_price: '120', delivery_on: '2026-05-01' }),
    lines[1],
  ]);
});
