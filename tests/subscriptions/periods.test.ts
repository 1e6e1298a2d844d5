import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateTime } from 'luxon';
import { addDays } from '../../src/pages/days.js';
import { daysIn, firstPeriodFrom, periodAt, periodStart, type Rhythm } from '../../src/subscriptions/periods.js';
import { prorated, takeAdjustments } from '../../src/subscriptions/proration.js';

const rhythm = (anchor_on: string, every: number, unit: Rhythm['unit']): Rhythm => ({
  ...{ anchor_on, every, unit },
  anchor_period: 0,
});

const starts = (of: Rhythm, count: number) => Array.from({ length: count }, (_, n) => periodStart(of, n));

test('the day of the month is kept: January 31 is followed by the end of February, then by March 31', () => {
  assert.deepEqual(starts(rhythm('2027-12-31', 1, 'month'), 5), [
    ...['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'],
  ]);
  assert.deepEqual(starts(rhythm('2028-02-29', 1, 'year'), 5), [
    ...['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'],
  ]);
  assert.deepEqual(periodAt(rhythm('2027-01-31', 1, 'month'), 1), { from_on: '2027-02-28', until_on: '2027-03-30' });
});

test('another interval goes on where the last period of the old one ended', () => {
  const changed = { ...rhythm('2027-03-31', 1, 'year'), anchor_period: 2 };
  assert.equal(periodStart(changed, 2), '2027-03-31');
  assert.equal(periodStart(changed, 3), '2028-03-31');
});

test('periods follow each other without gap or overlap, and each day is found in its own', () => {
  for (const unit of ['day', 'week', 'month', 'year'] as const)
    for (const every of [1, 2, 5, 13])
      for (let offset = 0; offset < 800; offset += 173) {
        const of = rhythm(addDays('2027-01-01', offset), every, unit);
        for (let n = 0; n < 14; n++) {
          const { from_on, until_on } = periodAt(of, n);
          assert.equal(addDays(until_on, 1), periodStart(of, n + 1));
          assert.ok(daysIn({ from_on, until_on }) >= every);
          assert.equal(firstPeriodFrom(of, from_on, 0), n);
          assert.equal(firstPeriodFrom(of, addDays(from_on, 1), 0), n + 1);
          assert.equal(firstPeriodFrom(of, from_on, n + 3), n + 3);
          assert.ok(DateTime.fromISO(from_on).isValid);
        }
      }
});

const line = (unit_price: string, quantity = '1', tax_rate = '8') => ({
  ...{ unit_price, quantity, tax_rate, discount_percent: '0' },
  ...{ choice: '' as const, picked: true, refused: false },
});

test('a change is charged by the day, each tax rate for itself, and comes to nothing if it is taken back', () => {
  const period = { from_on: '2027-06-01', until_on: '2027-06-30' };
  const rest = { ...period, from_on: '2027-06-21' };
  const was = [line('300.00')];
  const is = [line('600.00'), line('10.00', '3', '0')];
  const [more, extra] = prorated({ before: was, after: is, currency: 'USD' }, period, rest, 'price');
  assert.deepEqual([more?.amount, more?.days, more?.of, more?.tax_rate], [10_000, 10, 30, '8']);
  assert.deepEqual([extra?.amount, extra?.tax_rate], [1000, '0']);
  const back = prorated({ before: is, after: was, currency: 'USD' }, period, rest, 'price');
  assert.deepEqual(
    back.map(({ amount }) => amount),
    [-10_000, -1000],
  );
  assert.deepEqual(
    prorated({ before: was, after: is, currency: 'USD' }, period, { ...rest, from_on: '2027-07-01' }, 'price'),
    [],
  );
});

test('a tax that gets a name is no other price; another price is settled by that name', () => {
  const period = { from_on: '2027-06-01', until_on: '2027-06-30' };
  const vat = [{ id: 'vat', name: 'VAT', rate: '8.0000', category: 'S', note: '' }];
  const named = (price: string) => [{ ...line(price, '1', '8.0000'), taxes: vat }];
  const settled = (price: string) =>
    prorated({ before: [line('300.00')], after: named(price), currency: 'USD' }, period, period, 'price');
  assert.deepEqual(settled('300.00'), []);
  assert.deepEqual(
    settled('400.00').map(({ amount, taxes }) => [amount, taxes]),
    [[10_000, vat]],
  );
});

test('an invoice takes in no more credit than it charges at the same rate; the rest waits for the next', () => {
  const period = { from_on: '2027-06-21', until_on: '2027-06-30' };
  const credit = { ...period, reason: 'price' as const, days: 10, of: 30, tax_rate: '8', amount: -50_000 };
  const { taken, left } = takeAdjustments([line('300.00'), line('900.00', '1', '0')], [credit], 'USD');
  assert.deepEqual([taken.map(({ amount }) => amount), left.map(({ amount }) => amount)], [[-30_000], [-20_000]]);
  const charge = { ...credit, amount: 40_000 };
  const both = takeAdjustments([line('300.00')], [credit, charge], 'USD');
  assert.deepEqual([both.taken.map(({ amount }) => amount), both.left], [[40_000, -50_000], []]);
});
