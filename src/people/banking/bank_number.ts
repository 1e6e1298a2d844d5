import { electronicFormatIBAN, friendlyFormatIBAN, getCountrySpecifications, isValidBIC, isValidIBAN } from 'ibantools';

/** ISO 3166 codes. */
export const COUNTRIES: ReadonlySet<string> = new Set(Object.keys(getCountrySpecifications()));

export const ACCOUNT_KINDS = ['iban', 'us', 'other'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** Each kind's numbers by the names of their fields, with their labels. `account`: the one whose end is shown. */
export const NUMBER_FIELDS: Readonly<Record<AccountKind, Readonly<Record<string, string>>>> = {
  iban: { account: 'IBAN', bic: 'BIC' },
  us: { routing: 'Routing number', account: 'Account number' },
  other: { account: 'Account number', details: 'Other details' },
};

/** The numbers of an account, by field. */
export type BankNumbers = Readonly<Record<string, string>>;

type Errors = Record<string, string>;

/** The numbers as they are kept. `errors`: by field, for those that can't be right. */
export function checkNumbers(kind: AccountKind, typed: BankNumbers): { numbers: BankNumbers; errors: Errors } {
  const { account = '' } = typed;
  if (kind === 'iban') return checkIban(electronicFormatIBAN(account) ?? '', compact(typed['bic']));
  if (kind === 'us') return checkUs(compact(typed['routing']), compact(account));
  const errors: Errors = /[\p{L}\p{N}]{4}/u.test(compact(account)) ? {} : { account: 'Enter the account number.' };
  return { numbers: { account, details: typed['details'] ?? '' }, errors };
}

const compact = (typed = '') => typed.toUpperCase().replace(/[\s.-]/g, '');

function checkIban(account: string, bic: string) {
  const errors: Errors = {};
  if (!isValidIBAN(account)) errors['account'] = 'This is not a valid IBAN. Check it digit by digit.';
  // Within SEPA a transfer needs none.
  if (bic && !isValidBIC(bic)) errors['bic'] = 'This is not a valid BIC: it has 8 or 11 characters.';
  return { numbers: { account, bic }, errors };
}

function checkUs(routing: string, account: string) {
  const errors: Errors = {};
  if (!isRoutingNumber(routing)) errors['routing'] = 'This is not a valid routing number: it has 9 digits.';
  if (!/^\d{4,17}$/.test(account)) errors['account'] = 'Enter an account number of 4 to 17 digits.';
  return { numbers: { routing, account }, errors };
}

/** By the checksum of the American Bankers Association: weights 3, 7, 1. */
function isRoutingNumber(typed: string): boolean {
  if (!/^\d{9}$/.test(typed) || /^0+$/.test(typed)) return false;
  const sum = Array.from(typed).reduce((total, digit, i) => total + Number(digit) * ([3, 7, 1][i % 3] ?? 0), 0);
  return sum % 10 === 0;
}

/** The end of an account's number, which is all that is shown of it. */
export const lastFour = ({ account = '' }: BankNumbers) => account.replace(/[^\p{L}\p{N}]/gu, '').slice(-4);

/** The numbers as a person reads them. */
export const readableNumbers = (kind: AccountKind, numbers: BankNumbers): BankNumbers =>
  kind === 'iban' ? { ...numbers, account: friendlyFormatIBAN(numbers['account']) ?? '' } : numbers;
