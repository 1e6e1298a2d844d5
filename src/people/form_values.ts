import { z } from 'zod';
import { Invalid } from '../errors.js';
import { multiLine, oneLine } from '../pages/valid_input.js';
import { isEmail } from '../pages/valid_input.js';

/**
 * What was typed, field by field, to show a form again as it was. Fields that came more than once, or as files, are
 * left out.
 */
export const submittedText = (body: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(body ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** Reads a form by its schema. @throws Invalid with a sentence for each field that can't be used. */
export function readForm<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(submittedText(body));
  if (parsed.success) return parsed.data;
  const wrong: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) wrong[String(path[0] ?? 'form')] ??= message;
  throw new Invalid(wrong);
}

const plain = (most: number, clean: (typed: string) => string) =>
  z
    .string()
    .default('')
    .transform(clean)
    .pipe(z.string().max(most, `Use at most ${most} characters.`));

export const line = (most: number) => plain(most, oneLine);
export const text = (most: number) => plain(most, multiLine);
export const required = (most: number) => line(most).refine(Boolean, 'Fill this in.');

export const email = required(254)
  .transform((typed) => typed.toLowerCase())
  .refine(isEmail, 'This is not an email address.');
export const optionalEmail = line(254)
  .transform((typed) => typed.toLowerCase())
  .refine((typed) => typed === '' || isEmail(typed), 'This is not an email address.');

/** ISO 4217 codes, BCP 47 locales and IANA time zones, as far as this runtime knows them. */
export const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
export const LOCALES = ['en-US', 'en-GB', 'de-DE'] as const;
export const TIME_ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

export const currency = line(3).refine((typed) => CURRENCIES.has(typed), 'Choose a currency.');
export const locale = line(35).refine(isLocale, 'Choose a language.');
export const timeZone = line(64).refine(isTimeZone, 'Choose a time zone.');

function isLocale(typed: string): boolean {
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
