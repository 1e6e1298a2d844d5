import Big from 'big.js';
import type { z } from 'zod';
import { currencyDigits } from '../../documents/content/decimals.js';
import type { Input } from '../../acting/context.js';
import type { StoredFile } from '../../files/storage.js';
import { type Control, fieldsIn, metaOf } from '../../input/fields.js';
import { readDuration } from '../../input/hours/read_duration.js';
import { readNumber } from '../../input/read_number.js';
import { decimalIn, type Fields, many, one } from './field_values.js';
import { readAwards, readChanges, readChoices, readPrices } from './read_answers.js';
import { contentField, readContent } from './read_content.js';
import { lineField } from './read_lines.js';

/** Who typed: numbers are read as their locale writes them, amounts in the document's currency. */
interface Typist {
  locale: string;
  currency: string;
}

type Reader = (fields: Fields, name: string, typist: Typist, files: StoredFile[]) => unknown;

const readText: Reader = (fields, name) => one(fields, name) || undefined;

/** Stands for an amount with more decimals than its currency has, which the schema refuses as no whole minor unit. */
const FRACTION = 0.5;

/** A typed amount in minor units. What is no number stays text, and is refused. */
export function moneyIn(typed: string, { locale, currency }: Typist): string | number | undefined {
  const decimal = readNumber(typed, locale);
  if (decimal === null) return typed || undefined;
  const digits = currencyDigits(currency);
  // "10.500" has too many for dollars, though the last is 0: it may be meant as thousands.
  if ((decimal.split('.')[1] ?? '').length > digits) return FRACTION;
  return Big(decimal).times(Big(10).pow(digits)).toNumber();
}

const readMoney: Reader = (fields, name, typist) => moneyIn(one(fields, name), typist);

/** Hours as they are typed, "1:30" or "1.5", in minutes; null: none. What is neither is refused by its schema. */
export const minutesIn = (typed: string, locale: string): number | null =>
  typed ? (readDuration(typed, locale) ?? NaN) : null;

/** How each kind of field is read from a form. */
const READERS: Record<Control, Reader> = {
  text: readText,
  'long text': readText,
  email: readText,
  date: readText,
  time: readText,
  // One of the days at hand, each a button, or else the one that was typed.
  'near date': (fields, name) => one(fields, `${name}_near`) || one(fields, name) || undefined,
  hidden: readText,
  payment: readText,
  'any payment': readText,
  ids: (fields, name) => many(fields, name).filter(Boolean),
  checkbox: (fields, name) => one(fields, name) !== '',
  money: readMoney,
  minutes: (fields, name, { locale }) => minutesIn(one(fields, name), locale),
  decimal: (fields, name, { locale }) => decimalIn(one(fields, name), locale),
  // All of it, unless a part was chosen.
  part: (fields, name, ...rest) =>
    one(fields, 'part') === 'part' ? (readMoney(fields, name, ...rest) ?? '') : undefined,
  files: (_fields, _name, _typist, files) => files,
  content: (fields, _name, { locale }) => readContent(fields, locale),
  choices: readChoices,
  prices: (fields, _name, { locale }) => readPrices(fields, locale),
  changes: (fields, _name, { locale }) => readChanges(fields, locale),
  awards: readAwards,
};

/** The input of an act from a submitted form: the one place that turns what was typed into what a schema checks. */
export const readForm = (
  asks: z.ZodObject | undefined,
  fields: Fields,
  typist: Typist,
  files: StoredFile[] = [],
): Input =>
  Object.fromEntries(
    fieldsIn(asks).map(([name, schema]) => [name, READERS[metaOf(schema).control](fields, name, typist, files)]),
  );

/** Messages by the form's fields, of those by the input's paths. A line's is named by field and row or line id. */
export const errorsByField = (errors: Readonly<Record<string, string>>, fields: Fields): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([path, message]) => [fieldOf(path.split('.'), fields), message]));

function fieldOf([name = 'form', ...rest]: string[], fields: Fields): string {
  if (name === 'content') return contentField(rest, fields);
  if (name === 'prices' || name === 'changes') return rest[1] ? `${lineField(rest[1])}.${rest[0]}` : 'form';
  return name === 'awards' || name === 'choices' ? 'form' : name;
}
