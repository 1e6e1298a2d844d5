import { euVat, stdnum, type Validator } from 'stdnum';

export const TAX_ID_KINDS = ['eu_vat', 'ein', 'abn', 'gstin', 'other'] as const;
export type TaxIdKind = (typeof TAX_ID_KINDS)[number];

export const TAX_ID_LABELS: Readonly<Record<TaxIdKind, string>> = {
  eu_vat: 'EU VAT ID',
  ein: 'EIN',
  abn: 'ABN',
  gstin: 'GSTIN',
  other: 'Other tax number',
};

/** What each kind looks like, for who got it wrong. */
const WRONG: Readonly<Record<TaxIdKind, string>> = {
  eu_vat: 'Enter a valid VAT ID, with its country: DE136695976.',
  ein: 'Enter a valid EIN: two digits, a hyphen, seven digits.',
  abn: 'Enter a valid ABN: 11 digits.',
  gstin: 'Enter a valid GSTIN: 15 characters.',
  other: 'Enter a tax number.',
};

const NATIONAL: Partial<Record<TaxIdKind, [country: string, name: string]>> = {
  ein: ['US', 'ein'],
  abn: ['AU', 'abn'],
  gstin: ['IN', 'gstin'],
};

/** Member states, as VAT IDs begin: Greece with EL, Northern Ireland with XI. */
const STATES = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '));

/** A tax id as it is compared, or why it can't be one: its form and check digits are looked at. */
export function checkTaxId(kind: TaxIdKind, entered: string): { normalized: string } | { error: string } {
  const plain = entered.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const normalized = kind === 'other' ? plain : kind === 'eu_vat' ? vatId(plain) : nationalId(kind, plain);
  return normalized ? { normalized } : { error: WRONG[kind] };
}

function nationalId(kind: TaxIdKind, plain: string): string | null {
  const [country = '', name = ''] = NATIONAL[kind] ?? [];
  return compactBy(stdnum[country]?.[name], plain);
}

function vatId(plain: string): string | null {
  const [prefix, number] = [plain.slice(0, 2), plain.slice(2)];
  if (prefix === 'XI') return withPrefix(prefix, compactBy(stdnum['GB']?.['vat'], number));
  const state = prefix === 'EL' ? 'GR' : prefix;
  if (!STATES.has(state) || prefix === 'GR') return null;
  for (const validator of euVat[state] ?? []) {
    const compact = compactBy(validator, number);
    if (compact) return withPrefix(prefix, compact);
  }
  return null;
}

const withPrefix = (prefix: string, compact: string | null) => compact && prefix + compact;

/** The number as the library writes it; null if it is none. */
function compactBy(validator: Validator | undefined, typed: string): string | null {
  const result = validator?.validate(typed);
  return result?.isValid ? result.compact : null;
}
