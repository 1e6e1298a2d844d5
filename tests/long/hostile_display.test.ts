import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayHtml } from '../../src/inbound/reading/display/display.js';
import { leastGrowth } from '../support/cost.js';

/** A megabyte, or a fifth of it. */
const LARGE = process.env['TEST_LONG'] ? 1_000_000 : 200_000;
const TIMES = 4;
/** Four times the size takes four times as long; were it quadratic, sixteen times. */
const WORST = 9;

const UNITS = [
  ...['<div>', '<a href=//x>', '<table><tr><td>', '<', '<b style="color:red">', '&', '<!--', '<img src=cid:a>', '<p '],
  ...['x="', '</p>', '<![CDATA[', '<svg><style>'],
];

test('showing an email takes time in proportion to its size, whatever it is made of', () => {
  for (const unit of UNITS) {
    const make = (size: number) => unit.repeat(Math.ceil(size / unit.length));
    const ratio = leastGrowth(displayHtml, [make(LARGE / TIMES), make(LARGE)], WORST);
    assert.ok(ratio <= WORST, `${unit}: four times the size took ${ratio.toFixed(1)} times as long`);
  }
});
