import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNotIn } from '../../src/documents/payment_runs/run_order.js';
import { nacha } from '../../src/payments/runs/nacha.js';
import { pain001 } from '../../src/payments/runs/pain001.js';
import type { Transfer, TransferOrder } from '../../src/payments/runs/transfer_order.js';

const iban = (holder: string, account: string, bic = '') =>
  ({ kind: 'iban', holder, country: account.slice(0, 2), numbers: { account, bic } }) as const;
const us = (holder: string, routing: string, account: string) =>
  ({ kind: 'us', holder, country: 'US', numbers: { routing, account } }) as const;

const order = (fields: Partial<TransferOrder> & Pick<TransferOrder, 'payer' | 'transfers'>): TransferOrder => ({
  id: '01a22bae182d7561828f95dd32562186',
  number: 7,
  ordered_at: new Date('2026-11-30T09:05:07.123Z'),
  pay_on: '2026-12-02',
  currency: 'EUR',
  ...fields,
});

const company = { name: 'Müller & Söhne GmbH', bank_name: 'Commerzbank', employer_number: '' };
const euros = order({
  payer: { ...iban('Müller', 'DE89370400440532013000', 'COBADEFFXXX'), ...company },
  transfers: [
    {
      reference: 'PR-7-1',
      amount: 123_456,
      holder_type: 'company',
      account: iban('Łódź <Æ> Træ “A/S”', 'FR1420041010050500013M02606'),
      text: 'NH-1, NH-2',
    },
    {
      reference: 'PR-7-2',
      amount: 5,
      holder_type: 'person',
      account: iban('Nordholz', 'DE02120300000000202051', 'BYLADEM1001'),
      text: 'NH-3',
    },
  ],
});

/** The text of an element, wherever it stands. */
const allOf = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, text]) => text);

test('pain.001: amounts, sums, accounts and names as a bank takes them', () => {
  const xml = pain001(euros);
  assert.match(xml, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Document xmlns="[^"]*pain\.001\.001\.09">/);
  assert.deepEqual(allOf(xml, 'CtrlSum'), ['1234.61', '1234.61']);
  assert.deepEqual(allOf(xml, 'NbOfTxs'), ['2', '2']);
  assert.match(xml, /<InstdAmt Ccy="EUR">0\.05</);
  assert.deepEqual(allOf(xml, 'Nm'), ['Muller + Sohne GmbH', 'Muller + Sohne GmbH', 'Lodz AE Trae A/S', 'Nordholz']);
  assert.deepEqual(allOf(xml, 'IBAN').length, 3);
  assert.deepEqual([allOf(xml, 'ChrgBr'), allOf(xml, 'Dt'), allOf(xml, 'CreDtTm')].flat(), [
    'SLEV',
    '2026-12-02',
    '2026-11-30T09:05:07Z',
  ]);
  assert.equal(pain001(euros), xml, 'the same order gives the same file');
  const francs = pain001({ ...euros, currency: 'CHF' });
  assert.deepEqual([allOf(francs, 'ChrgBr'), allOf(francs, 'Cd')], [['SHAR'], []]);
});

// The published schemas of ISO 20022, in a folder that the environment names; xmllint reads them.
const folder = process.env['SCHEMA_FOLDER'];
test('pain.001 is valid by its schema', { skip: !folder && 'SCHEMA_FOLDER names no folder of schemas' }, () => {
  for (const [i, one] of [euros, { ...euros, currency: 'JPY' }].entries()) {
    const file = join(tmpdir(), `pain001-${process.pid}-${i}.xml`);
    writeFileSync(file, pain001(one));
    execFileSync('xmllint', ['--noout', '--schema', join(folder ?? '', 'pain.001.001.09.xsd'), file], {
      stdio: 'pipe',
    });
  }
});

test('names in other letters are left to the bank by pain.001, and by no other', () => {
  const [first] = euros.transfers;
  assert.ok(first);
  const named = { ...first, account: iban('株式会社\u3000青木', 'FR1420041010050500013M02606'), text: '請求書' };
  assert.deepEqual(allOf(pain001({ ...euros, transfers: [named] }), 'Nm').at(-1), '株式会社 青木');
  const payer = {
    ...us('Harbor', '021000021', '123'),
    ...{ name: 'Harbor LLC', bank_name: 'First Bank', employer_number: '123456789' },
  };
  const paying = (holder: string, payers: Partial<typeof payer> = {}) => {
    const account = us(holder, '011401533', '9876543210');
    const transfer = { reference: 'PR-7-1', amount: 5, holder_type: 'company' as const, account, text: '請求書' };
    return order({ currency: 'USD', payer: { ...payer, ...payers }, transfers: [transfer] });
  };
  const wrong = [paying('株式会社 7'), paying('Aoki', { name: 'Гавань' }), paying('Aoki', { bank_name: '銀行' })];
  assert.deepEqual(new Set(wrong.map((one) => whyNotIn('nacha', one))), new Set(['Only for names in Latin letters.']));
  const right = paying('青木 Aoki');
  assert.equal(whyNotIn('nacha', right), null);
  for (const line of nacha(right).trimEnd().split('\r\n')) assert.match(line, /^[\x20-\x7e]{94}$/);
});

const paid = (
  reference: string,
  amount: number,
  holder_type: Transfer['holder_type'],
  account: ReturnType<typeof us>,
  text: string,
): Transfer => ({ reference, amount, holder_type, account, text });

test('NACHA: every field in its columns, the sums and hashes right, filled up to a block of ten', () => {
  const dollars = order({
    currency: 'USD',
    payer: {
      ...us('Harbor', '021000021', '123'),
      ...{ name: 'Harbor & Pine LLC', bank_name: 'First Bank of Portland Oregon', employer_number: '123456789' },
    },
    transfers: [
      paid('PR-7-1', 80_000, 'company', us('Nordholz Joinery', '011401533', '9876543210'), 'NH-1'),
      paid('PR-7-2', 1, 'company', us('Stahl Wörks', '091000019', '12345678901234567'), 'S 9'),
    ],
  });
  const spaces = (n: number) => ' '.repeat(n);
  const lines = nacha(dollars).split('\r\n');
  assert.equal(lines.pop(), '');
  assert.deepEqual(lines.slice(0, 8), [
    '101 02100002111234567892611300905G094101FIRST BANK OF PORTLAND HARBOR + PINE LLC      ' + spaces(8),
    `5220HARBOR + PINE LL${spaces(20)}1123456789CCDVENDOR PAY261130261202${spaces(3)}1021000020000001`,
    `6220114015339876543210${spaces(7)}0000080000PR-7-1${spaces(9)}NORDHOLZ JOINERY${spaces(6)}  1021000020000001`,
    `705NH-1${spaces(76)}00010000001`,
    `622091000019123456789012345670000000001PR-7-2${spaces(9)}STAHL WORKS${spaces(11)}  1021000020000002`,
    `705S 9${spaces(77)}00010000002`,
    `822000000400102401540000000000000000000800011123456789${spaces(25)}021000020000001`,
    `9000001000001000000040010240154000000000000000000080001${spaces(39)}`,
  ]);
  assert.deepEqual(lines.slice(8), ['9'.repeat(94), '9'.repeat(94)]);
  assert.ok(lines.every((line) => /^[\x20-\x7e]{94}$/.test(line)));
});

test('NACHA: private persons are paid in a batch of their own (PPD); the file counts both', () => {
  const payer = { ...us('Harbor', '021000021', '123'), name: 'Harbor LLC', bank_name: 'First Bank' };
  const people = [
    paid('PR-7-1', 500, 'person', us('Ada Voss', '011401533', '1'), 'A 1'),
    paid('PR-7-3', 700, 'person', us('Bo Lund', '011401533', '2'), 'B 1'),
  ];
  const company = paid('PR-7-2', 300, 'company', us('Stahl Works', '091000019', '3'), 'S 9');
  const [ada, bo] = people;
  assert.ok(ada && bo);
  const dollars = { currency: 'USD', payer: { ...payer, employer_number: '123456789' } };
  const lines = nacha(order({ ...dollars, transfers: [ada, company, bo] }))
    .trimEnd()
    .split('\r\n');
  assert.deepEqual(lines.map((line) => line[0]).join(''), '156785676789'.padEnd(20, '9'));
  const headers = lines.filter((line) => line.startsWith('5'));
  assert.deepEqual(
    headers.map((line) => [line.slice(50, 53), line.slice(87)]),
    [
      ['CCD', '0000001'],
      ['PPD', '0000002'],
    ],
  );
  const entries = lines.filter((line) => line.startsWith('6'));
  assert.deepEqual(
    entries.map((line) => [line.slice(39, 54).trim(), line.slice(87)]),
    [
      ['PR-7-2', '0000001'],
      ['PR-7-1', '0000002'],
      ['PR-7-3', '0000003'],
    ],
  );
  const controls = lines.filter((line) => line.startsWith('8'));
  assert.deepEqual(
    controls.map((line) => [line.slice(4, 10), line.slice(10, 20), line.slice(32, 44), line.slice(87)]),
    [
      ['000002', '0009100001', '000000000300', '0000001'],
      ['000004', '0002280306', '000000001200', '0000002'],
    ],
  );
  const control = lines[11] ?? '';
  assert.equal(control.slice(0, 55), '9000002000002000000060011380307000000000000000000001500');
  const alone = nacha(order({ ...dollars, transfers: [ada] }));
  assert.match(alone, /\r\n5220HARBOR LLC {26}1123456789PPDVENDOR PAY[^\r]*0000001\r\n/);
  for (const line of lines) assert.match(line, /^[\x20-\x7e]{94}$/);
});
