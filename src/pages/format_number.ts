import { readLocale } from '../input/locale_tag.js';

// Browsers run this very file (see pages/assets.ts).

type Decimal = `${number}`;

const MARKS = {
  dot: { group: ',', decimal: '.' },
  comma: { group: '.', decimal: ',' },
  space: { group: '\u00a0', decimal: ',' },
};

/** Writes decimal strings as the locale does, with the marks of its number style if it names one. */
export function numberIn(locale: string, options: Intl.NumberFormatOptions): (decimal: Decimal | number) => string {
  const { numbers } = readLocale(locale);
  if (!numbers) {
    const format = new Intl.NumberFormat(locale, options);
    return (decimal) => format.format(decimal);
  }
  const marks: Partial<Record<string, string>> = MARKS[numbers];
  const format = new Intl.NumberFormat(locale, { ...options, useGrouping: 'always' });
  return (decimal) =>
    format
      .formatToParts(decimal)
      .map(({ type, value }) => marks[type] ?? value)
      .join('');
}
