import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Invalid } from '../../src/errors.js';
import { readSheet } from '../../src/projects/budget/sheet/read_sheet.js';

const refusal = (text: string): string => {
  try {
    readSheet(text, 'Other', 'USD');
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
    readSheet(pasted, 'Other', 'USD').map(({ vendor_cell: _cell, vendor: _vendor, ...row }) => row),
    [
      { group: 'Joinery', name: 'Cabinets', unit: 'pc', quantity: '5', unit_cost: '541.30', markup: '50' },
      { group: 'Joinery', name: 'Panels', unit: '', quantity: '12', unit_cost: '1096.67' },
    ],
  );
  const german = 'Bezeichnung;Menge;Einzelkosten;Lieferant\n"Tresen; Esche";1,5;1.234,50;Nordholz';
  assert.deepEqual(readSheet(german, 'Sonstiges', 'EUR'), [
    {
      ...{ group: 'Sonstiges', name: 'Tresen; Esche', unit: '', vendor: 'Nordholz', vendor_cell: 'D2' },
      ...{ quantity: '1.5', unit_cost: '1234.50' },
    },
  ]);
  assert.equal(readSheet('désignation;coût unitaire\nLampe;1 234,5', '', 'USD')[0]?.unit_cost, '1234.5');
  assert.equal(readSheet('partida,precio\nLámpara,10', '', 'USD')[0]?.unit_price, '10');
});

test('each column has one number format; what might be two numbers, or a formula, is refused by its cell', () => {
  const column = (...costs: string[]) => ['Item\tCost', ...costs.map((cost) => `Desk\t${cost}`)].join('\n');
  assert.equal(readSheet(column('1,234', '12.50'), '', 'USD')[0]?.unit_cost, '1234');
  assert.equal(readSheet(column('1.234', '12,50'), '', 'USD')[0]?.unit_cost, '1234');
  assert.match(refusal(column('5', '1,234')), /Cell B3: “1,234” could be 1234 or 1\.234/);
  assert.match(refusal(column('1,234.50', '1.234,50')), /Cell B3: .*another number format/);
  assert.match(refusal(column('ten')), /Cell B2: “ten” is not a number/);
  assert.match(refusal(column('=A1*2')), /Cell B2 holds a formula/);
  assert.match(refusal('Item\tCost\n=HYPERLINK("http://x","y")\t1'), /Cell A2 holds a formula/);
  assert.equal(readSheet(column('-'.repeat(0) + '7'), '', 'USD').length, 1);
});

test('a sheet without headings, with too many rows, too long a row or a nameless item is refused', () => {
  assert.match(refusal('Desk\t1\nLamp\t2'), /first row needs headings/);
  assert.match(refusal('Item\tCost'), /at least one item/);
  assert.match(refusal(`Item\tCost\n${'Desk\t1\n'.repeat(2001)}`), /2,000 at most/);
  assert.match(refusal(`Item\tCost\n${'x'.repeat(20_000)}\t1`), /Row 2 is too long/);
  assert.match(refusal(`Item\tCost\n${'x'.repeat(300)}\t1`), /Cell A2: use at most 200/);
  assert.match(refusal('Item\tCost\n\t1'), /Cell A2: this row has no name/);
});

test('negative amounts, percent and currency signs, and what no form would take, are said by cell before they are added', () => {
  const one = (heading: string, typed: string, currency = 'USD') => {
    try {
      const [row] = readSheet(`Item\t${heading}\nDesk\t${typed}`, '', currency);
      return row?.unit_cost ?? row?.markup ?? row?.unit_price;
    } catch (error) {
      assert.ok(error instanceof Invalid);
      return error.message;
    }
  };
  assert.equal(one('Cost', '$1,234.50'), '1234.50');
  assert.equal(one('Cost', 'EUR 12,50', 'EUR'), '12.50');
  assert.equal(one('Cost', '12,50 €', 'EUR'), '12.50');
  assert.equal(one('Price', '£7', 'GBP'), '7');
  for (const [typed, currency] of [
    ['€12.50', 'USD'],
    ['$12.50', 'EUR'],
    ['12.50 CHF', 'EUR'],
  ] as const)
    assert.match(String(one('Cost', typed, currency)), /Cell B2: .+ is not in (USD|EUR), the currency of this budget/);
  for (const typed of ['-5', '−5', '(5.00)', '5-'])
    assert.match(String(one('Cost', typed)), /Cell B2: .+ is too small/);
  assert.match(String(one('Cost', '50%')), /is not a number/);
  assert.match(String(one('Cost', '12345678901')), /is too large/);
  assert.match(String(one('Cost', '1.1234567')), /has too many decimals/);
  // The price follows from the markup.
  const marked = readSheet('Item\tCost\tMarkup\nDesk\t10\t-25 %', '', 'USD');
  assert.equal(marked[0]?.markup, '-25');
  assert.match(refusal('Item\tCost\tMarkup\nDesk\t10\t-101'), /Cell C2: .+ is too small/);
});

test('a row with a group alone begins it; a name may have line breaks and quotes; codes may come twice', () => {
  const sheet =
    '\uFEFFGroup,Item,Qty,Unit cost\r\nJoinery,,,\r\n,"Desk, ""long""\nwith a shelf",1,10.00\r\n,Desk,2,5.00\r\n,Desk,2,5.00\r\nElectrical,,,\r\n';
  assert.deepEqual(
    readSheet(sheet, 'Other', 'USD').map(({ group, name, quantity }) => [group, name, quantity]),
    [
      ['Joinery', 'Desk, "long" with a shelf', '1'],
      ['Joinery', 'Desk', '2'],
      ['Joinery', 'Desk', '2'],
    ],
  );
  assert.match(refusal('Group,Item,Cost\nJoinery,,\n'), /at least one item/);
  assert.match(refusal('Group,Item,Cost\nJoinery,,5\n'), /Cell B2: this row has no name/);
});
