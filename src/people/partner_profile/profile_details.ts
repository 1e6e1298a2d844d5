import { createHash } from 'node:crypto';
import type { ProfileChange } from '../../activity/profile_changes.js';
import type { TaxIdKind } from './tax_id.js';

export const ADDRESS_KINDS = ['billing', 'shipping', 'other'] as const;
type AddressKind = (typeof ADDRESS_KINDS)[number];

export interface PartnerAddress {
  kind: AddressKind;
  /** Street and the like, one or more lines. */
  lines: string;
  city: string;
  region: string;
  postal_code: string;
  /** ISO 3166. */
  country: string;
}

export interface PartnerTaxId {
  kind: TaxIdKind;
  entered: string;
  normalized: string;
}

export const BUSINESS_FIELDS = ['legal_name', 'trading_name', 'phone', 'website', 'registration_number'] as const;
type BusinessFields = Record<(typeof BUSINESS_FIELDS)[number], string>;

/** What a partner says of its business, as one form has it. */
export interface ProfileDetails extends BusinessFields {
  addresses: PartnerAddress[];
  tax_ids: PartnerTaxId[];
}

export const NO_DETAILS: ProfileDetails = {
  legal_name: '',
  trading_name: '',
  phone: '',
  website: '',
  registration_number: '',
  addresses: [],
  tax_ids: [],
};

/** What a form was made from: it is refused once that has changed. */
export function detailsSeen({ addresses, tax_ids, ...fields }: ProfileDetails): string {
  const content = [
    BUSINESS_FIELDS.map((name) => fields[name]),
    addresses.map((one) => [one.kind, ...addressLines(one)]),
    tax_ids.map(({ kind, entered }) => [kind, entered]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}

/** Countries where the city comes before its postal code. */
const CITY_FIRST = new Set(['US', 'CA', 'AU', 'NZ', 'IN', 'GB', 'IE']);

/** An address as it stands on an envelope. `locale`: the language of the country's name. */
export function addressLines({ lines, city, region, postal_code, country }: PartnerAddress, locale = 'en'): string[] {
  const place = CITY_FIRST.has(country)
    ? [[city, region].filter(Boolean).join(', '), postal_code]
    : [postal_code, [city, region].filter(Boolean).join(', ')];
  const name = new Intl.DisplayNames(locale, { type: 'region' }).of(country);
  return [...lines.split('\n'), place.filter(Boolean).join(' '), name ?? country].filter(Boolean);
}

/** What differs between two states of the details. */
export function detailsChanges(before: ProfileDetails, after: ProfileDetails): ProfileChange[] {
  const fields = BUSINESS_FIELDS.filter((name) => before[name] !== after[name]).map((field) => ({
    field,
    before: before[field] || null,
    after: after[field] || null,
  }));
  const addressesOf = (details: ProfileDetails) =>
    details.addresses.map((one) => ({
      field: one.kind === 'other' ? 'other_address' : one.kind,
      value: addressLines(one).join(', '),
    }));
  const taxIdsOf = (details: ProfileDetails) =>
    details.tax_ids.map(({ kind, entered }) => ({ field: kind === 'other' ? 'other_tax_id' : kind, value: entered }));
  return [
    ...fields,
    ...listChanges(addressesOf(before), addressesOf(after)),
    ...listChanges(taxIdsOf(before), taxIdsOf(after)),
  ];
}

interface Entry {
  field: string;
  value: string;
}

/** Of the entries of each kind: those that went, each beside one that came. */
function listChanges(before: Entry[], after: Entry[]): ProfileChange[] {
  const missingIn = (others: Entry[]) => (one: Entry) =>
    !others.some(({ field, value }) => field === one.field && value === one.value);
  const [gone, come] = [before.filter(missingIn(after)), after.filter(missingIn(before))];
  return [...new Set([...gone, ...come].map(({ field }) => field))].flatMap((field) => {
    const [old, added] = [gone, come].map((list) => list.filter((one) => one.field === field)) as [Entry[], Entry[]];
    return Array.from({ length: Math.max(old.length, added.length) }, (_, i) => ({
      field,
      before: old[i]?.value ?? null,
      after: added[i]?.value ?? null,
    }));
  });
}
