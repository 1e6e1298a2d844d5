import { z } from 'zod';
import { decimalMark, readNumber } from '../input/read_number.js';
import type { PersonFields } from './contact.js';
import { currency, email, line, locale, optionalEmail, readForm, required, text, timeZone } from './form_values.js';
import type { PartnerFields } from './partner.js';

export const KINDS = ['customer', 'vendor', 'both'] as const;

const isDays = (typed: string) => /^\d{1,3}$/.test(typed) && Number(typed) <= 365;
const DAYS = 'Give a number of days, from 0 to 365.';

const percentTypedIn = (typed_in: string) =>
  line(10)
    .transform((typed) => readNumber(typed.replace(/\s*%$/, '') || '0', typed_in) ?? '')
    .refine((typed) => /^\d{1,3}(\.\d{1,4})?$/.test(typed) && Number(typed) <= 100, 'Give a percentage from 0 to 100.')
    // In the database's format, so that an unchanged value is recognized as such.
    .transform((typed) => Number(typed).toFixed(4));

/** A partner's account in the books; '' for the next that is free. */
const accountFrom = (first: number, last: number, message: string) =>
  line(5)
    .refine(
      (typed) => typed === '' || (/^\d{5}$/.test(typed) && Number(typed) >= first && Number(typed) <= last),
      message,
    )
    .transform((typed) => (typed === '' ? null : Number(typed)));

/** `typed_in`: the locale of who types. */
const partnerTypedIn = (typed_in: string) =>
  z.object({
    name: required(200),
    kind: line(10).refine((typed) => KINDS.some((kind) => kind === typed), 'Choose what they are.'),
    email: optionalEmail,
    address: text(500),
    tax_number: line(60),
    currency,
    locale,
    terms_days: line(10).refine(isDays, DAYS).transform(Number),
    tolerance_percent: percentTypedIn(typed_in),
    discount_percent: percentTypedIn(typed_in).refine((typed) => Number(typed) < 100, 'Give a percentage below 100.'),
    discount_days: line(10)
      .refine((typed) => typed === '' || isDays(typed), DAYS)
      .transform(Number),
    debtor_number: accountFrom(10_000, 69_999, 'Give a number from 10000 to 69999.'),
    creditor_number: accountFrom(70_000, 99_999, 'Give a number from 70000 to 99999.'),
  });

/** Parses a partner's form. @throws Invalid by field */
export function parsePartner(body: unknown, { locale }: { locale: string }): PartnerFields {
  const { kind, ...fields } = readForm(partnerTypedIn(locale), body);
  return { ...fields, is_customer: kind !== 'vendor', is_vendor: kind !== 'customer' };
}

/** Returns the form values for an existing partner. */
export function partnerValues(
  { is_customer, is_vendor, terms_days, tolerance_percent, discount_percent, discount_days, ...fields }: PartnerFields,
  reader: { locale: string },
): Record<string, string> {
  const { name, email, address, tax_number, currency, locale, debtor_number, creditor_number } = fields;
  const kind = is_customer && is_vendor ? 'both' : is_vendor ? 'vendor' : 'customer';
  const percent = (value = '0') =>
    Number(value) ? String(Number(value)).replace('.', decimalMark(reader.locale)) : '';
  return {
    name,
    kind,
    email,
    address,
    tax_number,
    currency,
    locale,
    terms_days: String(terms_days),
    tolerance_percent: percent(tolerance_percent),
    discount_percent: percent(discount_percent),
    discount_days: discount_days ? String(discount_days) : '',
    debtor_number: String(debtor_number ?? ''),
    creditor_number: String(creditor_number ?? ''),
  };
}

const Contact = z.object({
  name: required(200),
  email,
  title: line(120),
  locale,
  time_zone: timeZone,
  guest: line(5).transform(Boolean),
});

/** Parses a contact's form. @throws Invalid by field */
export const parseContact = (body: unknown): Required<PersonFields> => readForm(Contact, body);
