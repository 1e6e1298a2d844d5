import { z } from 'zod';
import { isId } from '../db/ids.js';
import { Invalid } from '../errors.js';
import { canonicalAddress, isEmail } from './email_address.js';
import { withoutSecrets } from './own_secrets.js';
import { isDay, multiLine, oneLine } from './valid_input.js';

/** How a form shows a field, and how what is typed into it is read: see routes/forms/read_form.ts. */
export type Control =
  | ('text' | 'long text' | 'email' | 'money' | 'date' | 'time' | 'near date' | 'hidden' | 'decimal')
  | ('checkbox' | 'payment' | 'any payment' | 'minutes' | 'ids')
  | ('files' | 'content' | 'choices' | 'prices' | 'changes' | 'awards' | 'part');

interface FieldMeta {
  control: Control;
  /** Its label, if it isn't known by the field's name. */
  label?: string;
}

const registry = z.registry<FieldMeta>();

/** A schema that says how its field is shown and read: a copy, where others share it. */
export function field<S extends z.ZodType>(shared: S, control: Control, label?: string): S {
  const schema = registry.has(shared) ? shared.clone() : shared;
  registry.add(schema, { control, ...(label ? { label } : {}) });
  return schema;
}

/** How a field is shown and read, whether or not it is optional. */
export function metaOf(schema: z.core.$ZodType): FieldMeta {
  const meta = registry.get(schema);
  if (meta) return meta;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return metaOf(schema.unwrap());
  return { control: 'hidden' };
}

export const isOptional = (schema: z.core.$ZodType) =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;

/** A schema's fields by name. */
export const fieldsIn = (schema: z.ZodObject | undefined): [string, z.core.$ZodType][] =>
  Object.entries(schema?.shape ?? {});

const REQUIRED = 'Fill this in.';
const string = (clean: (typed: string) => string, max: number, tooLong: string) =>
  z.string(REQUIRED).overwrite(clean).min(1, REQUIRED).max(max, tooLong);

/** A line of up to 200 characters. */
export const shortText = field(string(oneLine, 200, 'Use at most 200 characters.'), 'text');
/** Up to 50,000 characters, with line breaks. Its author may have copied their own link from an email. */
export const longText = field(
  string((typed) => multiLine(withoutSecrets(typed)), 50_000, 'Use at most 50,000 characters.'),
  'long text',
);
export const email = field(
  string(canonicalAddress, 254, 'This is not an email address.').refine(isEmail, 'This is not an email address.'),
  'email',
);
/** ISO 8601. */
export const day = field(z.string('Give a date.').refine(isDay, 'Give a date.'), 'date');
/** Minor units of the document's currency. */
export const money = field(
  z
    .number('Give an amount above zero.')
    .positive('Give an amount above zero.')
    .max(Number.MAX_SAFE_INTEGER, 'This is too large.')
    .refine(Number.isSafeInteger, 'This has more decimals than the currency.'),
  'money',
);
/** As `money`, or nothing: what else is paid with it is credit. */
export const nothingOrMore = field(
  z
    .number('Give an amount.')
    .min(0, 'This can’t be below zero.')
    .max(Number.MAX_SAFE_INTEGER, 'This is too large.')
    .refine(Number.isSafeInteger, 'This has more decimals than the currency.'),
  'money',
);
export const id = field(z.string('This is not known here.').refine(isId, 'This is not known here.'), 'hidden');

/** One of the document's recorded payments. */
export const payment = field(z.string('Choose a payment.').refine(isId, 'Choose a payment.'), 'payment');

/** The ids of what is ticked in a list. */
export const ids = (most: number, tooMany: string) => field(z.array(id).max(most, tooMany).optional(), 'ids');

/** The id of something chosen from a list. */
export const chosen = (otherwise: string) => field(z.string(otherwise).refine(isId, otherwise), 'hidden');

/** A decimal string within limits; `decimals`: at most so many after the point. */
export const decimal = (min: number, max: number, decimals: number) =>
  z
    .string('Give a number.')
    .regex(/^-?\d+(\.\d+)?$/, { error: 'Give a number.', abort: true })
    .refine((value) => Number(value) >= min, min === 0 ? 'This can’t be below zero.' : 'This is too small.')
    .refine((value) => Number(value) <= max, 'This is too large.')
    .refine((value) => (value.split('.')[1] ?? '').length <= decimals, `Use at most ${decimals} decimals.`);

/** A file that is in storage already. Sizes in bytes. */
const storedFile = z.object({
  sha256: z.string(),
  name: z.string(),
  content_type: z.string(),
  declared_type: z.string(),
  size: z.number(),
});

/** Files that come with an act. Without a label, their form has a place of its own for them. */
export const files = field(z.array(storedFile).optional(), 'files');
/** At least one file. */
export const requiredFiles = (label: string) =>
  field(z.array(storedFile, 'Choose a file.').min(1, 'Choose a file.'), 'files', label);

/** ISO 4217 codes that this runtime knows. */
export const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
export const currency = z.string('Choose a currency.').refine((code) => CURRENCIES.has(code), 'Choose a currency.');
/** That of an amount, which a program may name: another than the document's is refused. */
export const amountCurrency = field(currency.optional(), 'hidden');

/** For what only a program can get wrong: fields whose schema has no message of its own. */
const OF_TYPE: Record<string, string> = {
  string: 'Give text.',
  boolean: 'Give true or false.',
  array: 'Give a list.',
  object: 'Give an object with its fields.',
  record: 'Give an object with its fields.',
};
const messageFor = (issue: z.core.$ZodRawIssue) =>
  (issue.code === 'invalid_type' && OF_TYPE[issue.expected]) || 'This can’t be used here.';

/** Input by its schema. @throws Invalid with a message for each field by its path: 'content.lines.2.unit_price' */
export function parseBy<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input, { error: messageFor });
  if (parsed.success) return parsed.data;
  const errors: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) errors[path.map(String).join('.') || 'form'] ??= message;
  throw new Invalid(errors);
}
