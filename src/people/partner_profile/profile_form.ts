import { z } from 'zod';
import { Invalid } from '../../errors.js';
import { isDay } from '../../input/valid_input.js';
import { line, readForm, required, submittedText, text } from '../form_values.js';
import { country } from '../banking/bank_account_form.js';
import { FILE_KINDS, type PartnerFileFields } from './partner_files.js';
import {
  ADDRESS_KINDS,
  BUSINESS_FIELDS,
  type PartnerAddress,
  type PartnerTaxId,
  type ProfileDetails,
} from './profile_details.js';
import { checkTaxId, TAX_ID_KINDS } from './tax_id.js';

type Values = Record<string, string>;

/** So many addresses, and tax ids, a form may have. */
export const MOST_ROWS = 8;

const Business = z.object({
  legal_name: line(200),
  trading_name: line(200),
  phone: line(40).refine((typed) => /^[+\d\s()./-]*( ?(ext|x)\.? ?\d+)?$/i.test(typed), 'Enter a phone number.'),
  website: line(200).transform(withScheme).refine(isWebsite, 'Enter a web address, such as example.com.'),
  registration_number: line(60),
});

function withScheme(typed: string): string {
  return typed && !/^[a-z]+:\/\//i.test(typed) ? `https://${typed}` : typed;
}

function isWebsite(typed: string): boolean {
  if (!typed) return true;
  if (!URL.canParse(typed)) return false;
  const { protocol, hostname, username } = new URL(typed);
  return /^https?:$/.test(protocol) && hostname.includes('.') && !username;
}

const Address = z.object({
  kind: z.enum(ADDRESS_KINDS, 'Choose what it is for.'),
  lines: text(300).refine(Boolean, 'Fill this in.'),
  city: required(100),
  region: line(100),
  postal_code: line(20),
  country,
});

/** Parses the form of a partner's details; rows left empty are left out. @throws Invalid by field */
export function parseDetails(body: unknown): ProfileDetails {
  const typed = submittedText(body);
  const errors: Record<string, string> = {};
  const collect = <T>(parse: () => T, prefix = ''): T[] => {
    try {
      return [parse()];
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      for (const [name, message] of Object.entries(error.fields)) errors[prefix + name] = message;
      return [];
    }
  };
  const [fields] = collect(() => readForm(Business, typed));
  const addresses = rowsOf(typed, 'address', ['lines', 'city', 'postal_code']).flatMap(([prefix, row]) =>
    collect((): PartnerAddress => readForm(Address, row), prefix),
  );
  const tax_ids = rowsOf(typed, 'tax', ['number']).flatMap(([prefix, row]) => collect(() => parseTaxId(row), prefix));
  if (!fields || Object.keys(errors).length) throw new Invalid(errors);
  return { ...fields, addresses, tax_ids };
}

const TaxId = z.object({ kind: z.enum(TAX_ID_KINDS, 'Choose what it is.'), number: required(40) });

function parseTaxId(row: Values): PartnerTaxId {
  const { kind, number } = readForm(TaxId, row);
  const checked = checkTaxId(kind, number);
  if ('error' in checked) throw new Invalid({ number: checked.error });
  return { kind, entered: number, normalized: checked.normalized };
}

/** The rows of a form, `address_0_city` and so on, in which one of `filled` is; each with its prefix. */
function rowsOf(typed: Values, name: string, filled: string[]): [prefix: string, row: Values][] {
  return Array.from({ length: MOST_ROWS }, (_, i) => `${name}_${i}_`).flatMap((prefix): [string, Values][] => {
    const fields = Object.entries(typed).filter(([field]) => field.startsWith(prefix));
    const row = Object.fromEntries(fields.map(([field, value]) => [field.slice(prefix.length), value]));
    return filled.some((field) => row[field]?.trim()) ? [[prefix, row]] : [];
  });
}

/** The form's values for details that are stored. */
export function detailsValues({ addresses, tax_ids, ...details }: ProfileDetails): Values {
  const values: Values = {};
  for (const name of BUSINESS_FIELDS) values[name] = details[name];
  for (const [i, { kind, lines, city, region, postal_code, country }] of addresses.entries())
    for (const [name, value] of Object.entries({ kind, lines, city, region, postal_code, country }))
      values[`address_${i}_${name}`] = value;
  for (const [i, { kind, entered }] of tax_ids.entries()) {
    values[`tax_${i}_kind`] = kind;
    values[`tax_${i}_number`] = entered;
  }
  return values;
}

const PartnerFile = z.object({
  kind: z.enum(FILE_KINDS, 'Choose what it is.'),
  valid_until: line(10)
    .refine((typed) => !typed || isDay(typed), 'Enter a date.')
    .transform((typed) => typed || null),
  note: line(200),
});

/** Parses what a form says of a document. @throws Invalid by field */
export const parsePartnerFile = (body: unknown): PartnerFileFields => readForm(PartnerFile, body);
