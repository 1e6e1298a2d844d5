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

/** The changes that an activity tells of. */
export const profileChangesIn = ({ changes }: Readonly<Record<string, unknown>>): ProfileChange[] =>
  Array.isArray(changes) ? (changes as ProfileChange[]) : [];

/** Changes as their reader sees them. */
export function describeProfileChanges(
  changes: readonly ProfileChange[],
  { t, format }: { t: Translate; format: Pick<Format, 'date'> },
) {
  const written = (field: string, value: string | null) =>
    value === null ? '–' : field === 'valid_until' ? format.date(value) : value;
  return changes.map(({ field, before, after }) => ({
    what: t(LABELS[field] ?? field),
    before: written(field, before),
    after: written(field, after),
  }));
}
