// How somebody reads and writes dates, times and numbers, carried in the locale itself (BCP 47): whatever formats for
// them has it. "en-US-u-fw-mon-hc-h23-x-d-iso-n-dot". Browsers run this very file (see pages/assets.ts).

/** Date styles: as the language writes it out, in figures, day first in words, ISO 8601. */
export const DATE_STYLES = ['long', 'numeric', 'day', 'iso'] as const;
/** Number styles by the mark before the fraction; 'space' is a comma, with spaces between thousands. */
export const NUMBER_STYLES = ['dot', 'comma', 'space'] as const;
export const HOUR_CYCLES = ['h12', 'h23'] as const;
export const WEEK_STARTS = ['mon', 'sun', 'sat'] as const;

/** A locale in its parts. Null: as the language has it. */
export interface LocaleParts {
  /** Language and region alone: "en-US". */
  language: string;
  hours: (typeof HOUR_CYCLES)[number] | null;
  week_start: (typeof WEEK_STARTS)[number] | null;
  dates: (typeof DATE_STYLES)[number] | null;
  numbers: (typeof NUMBER_STYLES)[number] | null;
}

const known = <T extends string>(values: readonly T[], tag: string, key: string): T | null => {
  const value = new RegExp(`(?:^|-)${key}-(\\w+)`).exec(tag)?.[1];
  return values.find((one) => one === value) ?? null;
};

/** The parts of a locale. What is unknown is left out. */
export function readLocale(tag: string): LocaleParts {
  const [public_part = '', own = ''] = tag.split('-x-');
  const [language = '', unicode = ''] = public_part.split('-u-');
  return {
    language,
    hours: known(HOUR_CYCLES, unicode, 'hc'),
    week_start: known(WEEK_STARTS, unicode, 'fw'),
    dates: known(DATE_STYLES, own, 'd'),
    numbers: known(NUMBER_STYLES, own, 'n'),
  };
}

/** The locale of these parts. */
export function writeLocale({ language, hours, week_start, dates, numbers }: LocaleParts): string {
  const part = (key: string, value: string | null) => (value ? `-${key}-${value}` : '');
  const unicode = part('fw', week_start) + part('hc', hours);
  const own = part('d', dates) + part('n', numbers);
  return `${language}${unicode && `-u${unicode}`}${own && `-x${own}`}`;
}

/** The locale of somebody's PDFs: `language`, if they chose one for these, with what of the styles a PDF can show. */
export const documentLocale = (tag: string, language: string | null): string => {
  const parts = readLocale(tag);
  return writeLocale({ ...parts, language: language ?? parts.language, hours: null, week_start: null });
};

/** "en-US" of "en-US-u-hc-h23". */
export const plainLocale = (tag: string): string => readLocale(tag).language;
