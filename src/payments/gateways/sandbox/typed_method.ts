import { z } from 'zod';
import { Invalid } from '../../../errors.js';
import { COUNTRIES, checkNumbers } from '../../../people/banking/bank_number.js';
import { line, readForm, required } from '../../../people/form_values.js';
import type { StoredMethod } from '../gateway.js';
import { TEST_NUMBERS, type TestNumber } from './test_numbers.js';

/** A card or an account as it was typed: what the sandbox does with it, and all of it that may be kept. */
export interface TypedMethod {
  test: TestNumber;
  /** To be stored for later. */
  save: boolean;
  shown: Omit<StoredMethod, 'reference'>;
}

const UNKNOWN = 'Use one of the test numbers below, never a real one.';

/** Reads the form of a method. @throws Invalid by field */
export function readMethod(method: TestNumber['method'], body: unknown): TypedMethod {
  return method === 'card' ? readCard(body) : readAccount(body);
}

const Card = z.object({
  number: z
    .string()
    .default('')
    .transform((typed) => typed.replace(/[\s-]/g, ''))
    .refine((digits) => /^\d{12,19}$/.test(digits) && hasCheckDigit(digits), 'Enter a valid card number.'),
  expires: z.string().default('').transform(monthOf).pipe(z.string('Enter month and year, like 08/28.')),
  cvc: z
    .string()
    .default('')
    .transform((typed) => typed.trim()),
  name: required(100),
  street: required(200),
  city: required(100),
  postal_code: line(12),
  country: line(2).refine((code) => COUNTRIES.has(code), 'Choose a country.'),
  save: z.string().optional(),
});

function readCard(body: unknown): TypedMethod {
  const card = readForm(Card, body);
  const brand = brandOf(card.number);
  const digits = brand === 'American Express' ? 4 : 3;
  const test = TEST_NUMBERS.find(({ number }) => number === card.number);
  const errors = {
    ...(test ? {} : { number: UNKNOWN }),
    ...(card.expires < new Date().toISOString().slice(0, 7) ? { expires: 'This card has expired.' } : {}),
    ...(isDigits(card.cvc, digits) ? {} : { cvc: digits === 4 ? FOUR_DIGITS : THREE_DIGITS }),
    ...(card.country === 'US' && !/^\d{5}(-?\d{4})?$/.test(card.postal_code)
      ? { postal_code: 'Enter a ZIP code.' }
      : {}),
  };
  if (!test || Object.keys(errors).length) throw new Invalid(errors);
  const shown = { method: 'card', brand, last_four: card.number.slice(-4), expires: card.expires };
  return { test, save: card.save === 'on', shown };
}

const THREE_DIGITS = 'Enter the 3 digits from the back of the card.';
const FOUR_DIGITS = 'Enter the 4 digits from the front of the card.';

const isDigits = (typed: string, length: number) => /^\d+$/.test(typed) && typed.length === length;

/** By the algorithm of Luhn, which finds a mistyped digit. */
function hasCheckDigit(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, i) => {
      const value = Number(digit) * (i % 2 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** "2028-08" of "08/28", "8 / 2028" or "0828"; undefined if it is no month. */
function monthOf(typed: string): string | undefined {
  const [, month = '', year = ''] = /^(0?[1-9]|1[0-2])\s*[/.-]?\s*(?:20)?(\d\d)$/.exec(typed.trim()) ?? [];
  return month ? `20${year}-${month.padStart(2, '0')}` : undefined;
}

function brandOf(number: string): string {
  if (/^3[47]/.test(number)) return 'American Express';
  return number.startsWith('5') ? 'Mastercard' : 'Visa';
}

const Account = z.object({
  holder: required(100),
  routing: line(20),
  account: line(30),
  save: z.string().optional(),
});

function readAccount(body: unknown): TypedMethod {
  const typed = readForm(Account, body);
  const { numbers, errors } = checkNumbers('us', { routing: typed.routing, account: typed.account });
  const number = numbers['account'] ?? '';
  const test = TEST_NUMBERS.find((one) => one.method === 'bank_debit' && one.number === number);
  const found = test ? errors : { account: UNKNOWN, ...errors };
  if (!test || Object.keys(found).length) throw new Invalid(found);
  const shown = { method: 'bank_debit', brand: 'Sandbox Bank', last_four: number.slice(-4), expires: null };
  return { test, save: typed.save === 'on', shown };
}
