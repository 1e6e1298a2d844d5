import Big from 'big.js';
import { z } from 'zod';
import type { TaxFields } from '../../documents/taxes/changing_rates.js';
import { isCategory, type TaxCategory } from '../../documents/taxes/tax_rates.js';
import { Invalid } from '../../errors.js';
import { readNumber } from '../../input/read_number.js';
import { isDay } from '../../input/valid_input.js';
import { codePoint, undrawable } from '../../pages/fonts/drawable.js';
import { line, readForm, required, text } from '../../people/form_values.js';

const Typed = z.object({
  name: required(60),
  percent: line(20),
  category: line(2),
  note: text(500),
  valid_from: line(10),
  valid_until: line(10),
});

/** A tax as it was typed. @throws Invalid by field */
export function parseTax(body: unknown, locale: string): TaxFields {
  const { name, note, ...typed } = readForm(Typed, body);
  refuseUndrawable({ name, note });
  const category = isCategory(typed.category) ? typed.category : null;
  const percent = readNumber(typed.percent.replace(/\s*%$/, ''), locale);
  const errors = {
    percent: percentError(percent, category),
    category: category ? '' : 'Choose a kind.',
    note: note || !category || category === 'S' || category === 'Z' ? '' : 'Say why no tax is charged.',
    valid_from: dayError(typed.valid_from),
    valid_until: dayError(typed.valid_until),
  };
  const found = Object.entries(errors).filter(([, message]) => message);
  if (found.length || !category || percent === null) throw new Invalid(Object.fromEntries(found));
  return {
    ...{ name, category, note },
    percent: Big(percent).toFixed(4),
    valid_from: typed.valid_from || null,
    valid_until: typed.valid_until || null,
  };
}

function percentError(percent: string | null, category: TaxCategory | null): string {
  if (percent === null || Number(percent) < 0 || Number(percent) > 100) return 'Give a percentage from 0 to 100.';
  if ((percent.split('.')[1] ?? '').length > 4) return 'Use at most 4 decimals.';
  if (category === 'S' && Number(percent) === 0) return 'Choose another kind, or give a percentage above zero.';
  return category !== 'S' && Number(percent) > 0 ? 'For this kind, the percentage is 0.' : '';
}

const dayError = (typed: string) => (typed === '' || isDay(typed) ? '' : 'Give a date.');

/** @throws Invalid for characters that no font of ours draws */
function refuseUndrawable(texts: Record<string, string>): void {
  for (const [field, typed] of Object.entries(texts)) {
    const missing = undrawable(typed);
    if (missing.length)
      throw new Invalid(
        { [field]: 'These characters can’t be printed: {{characters}}. Use others.' },
        {
          characters: missing
            .slice(0, 10)
            .map((one) => `${one} (${codePoint(one)})`)
            .join(', '),
        },
      );
  }
}
