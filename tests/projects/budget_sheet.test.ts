import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Invalid } from '../../src/errors.js';
import { readSheet } from '../../src/projects/budget/sheet/read_sheet.js';

const refusal = (text: string): string => {
  try {
    readSheet(text, 'Other');
  } catch (error) {
    assert.ok(error instanceof Invalid);
    return error.message;
  }
  return '';
};

test('a sheet is read from a spreadsheet or CSV, with headings in each language', () => {
  const pasted =
    'Group\tItem\tQty\tUnit\tUnit cost\tMarkup\nJoinery\tCabinets\t5\tpc\t$541.30\t50%\n\tPanels\t12\t\t1,096.67\t';
  assert.deepEqual(
    readSheet(pasted, 'Other').map(({ vendor_cell: _cell, vendor: _vendor, ...row }) => row),
    [
      { group: 'Joinery', name: 'Cabinets', unit: 'pc', quantity: '5', unit_cost: '541.30', markup: '50' },
      { group: 'Joinery', name: 'Panels', unit: '', quantity: '12', unit_cost: '1096.67' },
    ],
  );
  const german = 'Bezeichnung;Menge;Einzelkosten;Lieferant\n"Tresen; Esche";1,5;1.234,50;Nordholz';
  assert.deepEqual(readSheet(german, 'Sonstiges'), [
    {
      ...{ group: 'Sonstiges', name: 'Tresen; Esche', unit: '', vendor: 'Nordholz', vendor_cell: 'D2' },
      ...{ quantity: '1.5', unit_cost: '1234.50' },
    },
  ]);
  assert.equal(readSheet('désignation;coût unitaire\nLampe;1 234,5', '')[0]?.unit_cost, '1234.5');
  assert.equal(readSheet('partida,precio\nLámpara,10', '')[0]?.unit_price, '10');
});

test('each column has one number format; what might be two numbers, or a formula, is refused by its cell', () => {
  const column = (...costs: string[]) => ['Item\tCost', ...costs.map((cost) => `Desk\t${cost}`)].join('\n');
  assert.equal(readSheet(column('1,234', '12.50'), '')[0]?.unit_cost, '1234');
  assert.equal(readSheet(column('1.234', '12,50'), '')[0]?.unit_cost, '1234');
  assert.match(refusal(column('5', '1,234')), /Cell B3: “1,234” could be 1234 or 1\.234/);
  assert.match(refusal(column('1,234.50', '1.234,50')), /Cell B3: .*another number format/);
  assert.match(refusal(column('ten')), /Cell B2: “ten” is not a number/);
  assert.match(refusal(column('=A1*2')), /Cell B2 holds a formula/);
  assert.match(refusal('Item\tCost\n=HYPERLINK("http://x","y")\t1'), /Cell A2 holds a formula/);
  assert.equal(readSheet(column('-'.repeat(0) + '7'), '').length, 1);
});

test('a sheet without headings, with too many rows, too long a row or a nameless item is refused', () => {
  assert.match(refusal('Desk\t1\nLamp\t2'), /first row needs headings/);
  assert.match(refusal('Item\tCost'), /at least one item/);
  assert.match(refusal(`Item\tCost\n${'Desk\t1\n'.repeat(2001)}`), /2,000 at most/);
  assert.match(refusal(`Item\tCost\n${'x'.repeat(20_000)}\t1`), /Row 2 is too long/);
  assert.match(refusal(`Item\tCost\n${'x'.repeat(300)}\t1`), /Cell A2: use at most 200/);
  assert.match(refusal('Item\tCost\n\t1'), /Cell A2: this row has no name/);
});
