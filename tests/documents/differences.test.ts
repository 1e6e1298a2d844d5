import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Difference } from '../../src/activity/difference.js';
import { type Line, withTotals } from '../../src/documents/content/content.js';
import { proposedDifferences, versionDifferences, withProposed } from '../../src/documents/content/differences.js';
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
    ['Gesamt', '400,00 $', '450,00 $'],
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
