import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

/** What was changed in a partner's profile. Null: there was or is none. */
export interface ProfileChange {
  /** A key of `LABELS`. */
  field: string;
  before: string | null;
  after: string | null;
}

const LABELS: Readonly<Record<string, string>> = {
  legal_name: 'Legal name',
  tax_number: 'Tax number',
  payment_note: 'Instructions',
  organization_name: 'Name',
  organization_address: 'Address',
  organization_email: 'Email address',
  organization_footer: 'Document footer',
  organization_accent: 'Color',
  organization_currency: 'Default currency',
  organization_locale: 'Default language',
  organization_time_zone: 'Time zone',
  secret_key: 'Secret key',
  webhook_secret: 'Signing secret',
  trading_name: 'Trading name',
  phone: 'Phone',
  website: 'Website',
  registration_number: 'Registration number',
  billing: 'Billing address',
  shipping: 'Shipping address',
  other_address: 'Other address',
  eu_vat: 'EU VAT ID',
  ein: 'EIN',
  abn: 'ABN',
  gstin: 'GSTIN',
  other_tax_id: 'Other tax number',
  holder: 'Account holder',
  holder_type: 'This account belongs to',
  bank_name: 'Bank',
  country: 'Country of the bank',
  account: 'Account',
  currency: 'Currency',
  bank_statement: 'Bank statement',
  w9: 'W-9',
  insurance: 'Certificate of insurance',
  licence: 'Business license',
  other_file: 'Other document',
  valid_until: 'Valid until',
};

/** Whom a bank account belongs to: what is paid in the US to a private person goes by other rules. */
export const HOLDER_TYPES = { company: 'A company', person: 'A person' } as const;

/** What is kept as a name, in words. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = { holder_type: HOLDER_TYPES };

/** The changes that an activity tells of. */
export const profileChangesIn = ({ changes }: Readonly<Record<string, unknown>>): ProfileChange[] =>
  Array.isArray(changes) ? (changes as ProfileChange[]) : [];

const inWords = (words: string | undefined, t: Translate) => words && t(words);

/** Changes as their reader sees them. */
export function describeProfileChanges(
  changes: readonly ProfileChange[],
  { t, format }: { t: Translate; format: Pick<Format, 'date'> },
) {
  const written = (field: string, value: string | null) =>
    value === null ? '–' : field === 'valid_until' ? format.date(value) : (inWords(WORDS[field]?.[value], t) ?? value);
  return changes.map(({ field, before, after }) => ({
    what: t(LABELS[field] ?? field),
    before: written(field, before),
    after: written(field, after),
  }));
}
