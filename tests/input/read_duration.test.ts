import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDuration } from '../../src/input/hours/read_duration.js';
import { hoursText } from '../../src/input/hours/hours_text.js';

test('hours are read as people type them', () => {
  for (const typed of ['1:30', '1.5', '90m', '90 min', '1h 30', '1h30', '1h 30m', '1.5h', '1.5 hours', ' 1:30 '])
    assert.equal(readDuration(typed, 'en-US'), 90, typed);
  for (const typed of ['1,5', '1,5 Std.', '1:30', '1.5']) assert.equal(readDuration(typed, 'de-DE'), 90, typed);
  assert.equal(readDuration('8', 'en-US'), 480);
  assert.equal(readDuration(':45', 'en-US'), 45);
  assert.equal(readDuration('0', 'en-US'), 0);
  for (const typed of ['', 'a while', '1:75', '-1', '1:3', '1,5,5', '1e3', 'h', '1:30:00', '99999999'])
    assert.equal(readDuration(typed, 'en-US'), null, typed);
});

test('what is written is read back to the minute', () => {
  for (const locale of ['en-US', 'de-DE', 'fr-FR', 'es-ES'])
    for (let minutes = 0; minutes <= 1440; minutes++)
      assert.equal(readDuration(hoursText(minutes, locale), locale), minutes, `${minutes} ${locale}`);
  assert.equal(hoursText(90, 'de-DE'), '1,5');
  assert.equal(hoursText(90, 'en-US'), '1:30');
});
