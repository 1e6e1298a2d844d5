import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayHtml } from '../../src/inbound/reading/display/display.js';
import { cost } from '../support/cost.js';

/** A megabyte, or a fifth of it; and the time for that, which is a quarter of it on a machine with nothing else to do. */
const LARGE = process.env['TEST_LONG'] ? 1_000_000 : 200_000;
const MOST_MS = (4000 * LARGE) / 1_000_000;

const UNITS = [
  ...['<div>', '<a href=//x>', '<table><tr><td>', '<', '<b style="color:red">', '&', '<!--', '<img src=cid:a>', '<p '],
  ...['x="', '</p>', '<![CDATA[', '<svg><style>'],
];

test('a second is enough to show a megabyte of anything', () => {
  for (const unit of UNITS) {
    const html = unit.repeat(Math.ceil(LARGE / unit.length));
    const took = cost(() => displayHtml(html));
    assert.ok(took < MOST_MS, `${unit}: ${took} ms`);
  }
});
