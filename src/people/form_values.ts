import { z } from 'zod';
import { CURRENCIES, parseBy } from '../input/fields.js';
import { canonicalAddress, isEmail } from '../input/email_address.js';
import { multiLine, oneLine } from '../input/valid_input.js';

/** Returns the submitted text by field, to show a form again. Omits repeated fields and files. */
export const submittedText = (body: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(body ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Parses a form by its schema. @throws Invalid with a message for each invalid field */
export const readForm = <T>(schema: z.ZodType<T>, body: unknown): T => parseBy(schema, submittedText(body));

const plain = (maxLength: number, clean: (typed: string) => string) =>
  z
    .string()
    .default('')
    .transform(clean)
    .pipe(z.string().max(maxLength, `Use at most ${maxLength} characters.`));

export const line = (maxLength: number) => plain(maxLength, oneLine);
export const text = (maxLength: number) => plain(maxLength, multiLine);
export const required = (maxLength: number) => line(maxLength).refine(Boolean, 'Fill this in.');

/** In its canonical form. */
export const email = plain(254, canonicalAddress)
  .refine(Boolean, 'Fill this in.')
  .refine(isEmail, 'This is not an email address.');
export const optionalEmail = plain(254, canonicalAddress).refine(
  (typed) => typed === '' || isEmail(typed),
  'This is not an email address.',
);

/** IANA time zones that this runtime supports. */
export const TIME_ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export const currency = line(3).refine((typed) => CURRENCIES.has(typed), 'Choose a currency.');
export const locale = line(35).refine(isLocale, 'Choose a language.');
export const timeZone = line(64).refine(isTimeZone, 'Choose a time zone.');

/** Whether it names a language that this runtime knows. */
export function isLocale(typed: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(typed).length > 0;
  } catch {
    return false;
  }
}

function isTimeZone(typed: string): boolean {
  try {
    return Boolean(typed) && Boolean(new Intl.DateTimeFormat('en', { timeZone: typed }));
  } catch {
    return false;
  }
}
