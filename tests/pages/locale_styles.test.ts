import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDecimal } from '../../src/documents/content/decimals.js';
import { DATE_STYLES, HOUR_CYCLES, NUMBER_STYLES, readLocale, writeLocale } from '../../src/input/locale_tag.js';
import { decimalMark, readNumber } from '../../src/input/read_number.js';
import { formatFor } from '../../src/pages/format.js';
import { seeded } from '../support/random.js';

const LANGUAGES = ['en-US', 'en-GB', 'de-DE', 'fr-FR', 'es-ES', 'de-AT', 'en-IN', 'ar-EG', 'pt-PT'];
const plain = { hours: null, week_start: null, dates: null, numbers: null };
const reader = (parts: Partial<ReturnType<typeof readLocale>>) =>
  formatFor({ locale: writeLocale({ language: 'en-US', ...plain, ...parts }), time_zone: 'America/New_York' });

test('a locale says all that somebody chose, and what it says wrongly is left out', () => {
  const tag = 'en-US-u-fw-mon-hc-h23-x-d-iso-n-dot';
  const parts = { language: 'en-US', hours: 'h23', week_start: 'mon', dates: 'iso', numbers: 'dot' };
  assert.deepEqual(readLocale(tag), parts);
  assert.equal(writeLocale(readLocale(tag)), tag);
  assert.equal(writeLocale(readLocale('de-DE')), 'de-DE');
  assert.deepEqual(readLocale('de-DE-u-hc-h99-x-d-huge-n'), { language: 'de-DE', ...plain });
  assert.deepEqual(readLocale('en-x-n-commas'), { language: 'en', ...plain });
});

test('what a style writes is read back as the same number, in every language', () => {
  const random = seeded(13);
  for (const language of LANGUAGES)
    for (const numbers of [null, ...NUMBER_STYLES]) {
      const locale = writeLocale({ language, ...plain, numbers });
      const format = formatFor({ locale, time_zone: 'UTC' });
      const mark = decimalMark(locale);
      for (let n = 0; n < 200; n++) {
        const whole = random(10 ** (1 + random(11)));
        const decimal = n % 3 ? `${whole}.${String(random(100)).padStart(2, '0')}` : String(whole);
        const minor = Math.round(Number(decimal) * 100);
        const exact = parseDecimal(decimal, 'en-US') ?? '';
        const written = [format.number(exact), format.amount(minor, 'USD'), format.moneyInput(minor, 'USD')];
        for (const text of [...written, format.price(exact, 'USD')])
          assert.equal(parseDecimal(text, locale), exact, `${locale}: ${text} for ${exact}`);
        assert.ok(format.moneyInput(minor, 'USD').includes(mark));
      }
    }
});

test('a number in another style is refused, not misread', () => {
  for (const [style, typed] of [
    ['dot', '1.733,40'],
    ['dot', '12,50'],
    ['comma', '1,733.40'],
    ['space', '1.733,40'],
  ] as const)
    assert.equal(readNumber(typed, writeLocale({ language: 'de-DE', ...plain, numbers: style })), null, typed);
});

test('dates and times are written as somebody chose, everywhere', () => {
  const moment = new Date('2026-12-23T19:40:00Z');
  const dates = Object.fromEntries(
    DATE_STYLES.map((style) => {
      const format = reader({ dates: style, hours: 'h23' });
      return [style, [format.date('2026-12-23'), format.shortDate('2026-12-23'), format.dateTime(moment)].join(' | ')];
    }),
  );
  assert.deepEqual(dates, {
    long: 'December 23, 2026 | Dec 23, 2026 | Dec 23, 2026, 14:40',
    numeric: '12/23/2026 | 12/23/2026 | 12/23/2026, 14:40',
    day: '23 December 2026 | 23 Dec 2026 | 23 Dec 2026, 14:40',
    iso: '2026-12-23 | 2026-12-23 | 2026-12-23, 14:40',
  });
  const [noon, later] = HOUR_CYCLES.map((hours) => reader({ hours }).when(moment, new Date('2026-12-24T19:40:00Z')));
  assert.match(noon?.text ?? '', /^Wed,? 2:40\sPM$/);
  assert.match(later?.text ?? '', /^Wed,? 14:40$/);
});
