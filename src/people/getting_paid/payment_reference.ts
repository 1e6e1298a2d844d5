import { isQRIBAN } from 'ibantools';
import type { PaymentAccount } from './payment_accounts.js';

/** A reference that a bank checks and passes on as it is. */
interface PaymentReference {
  kind: 'SCOR' | 'QRR';
  value: string;
  /** In groups, as it is printed. */
  printed: string;
}

/** The reference by which a payment to this account names a document: of IBANs alone; null: its number has to do. */
export function paymentReference({ kind, numbers }: PaymentAccount, number: string): PaymentReference | null {
  if (kind !== 'iban') return null;
  const value = isQRIBAN(numbers['account'] ?? '') ? swissReference(number) : creditorReference(number);
  if (!value) return null;
  if (value.startsWith('RF')) return { kind: 'SCOR', value, printed: value.replace(/(.{4})(?=.)/g, '$1 ') };
  return { kind: 'QRR', value, printed: value.replace(/^(..)/, '$1 ').replace(/(\d{5})(?=\d)/g, '$1 ') };
}

/** ISO 11649: "RF", two digits by which a bank notices slips, and the number without its hyphen. */
export function creditorReference(number: string): string | null {
  const reference = number.replaceAll('-', '').toUpperCase();
  if (!/^[A-Z0-9]{1,21}$/.test(reference)) return null;
  const digits = Array.from(`${reference}RF00`)
    .map((sign) => parseInt(sign, 36))
    .join('');
  return `RF${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${reference}`;
}

const NUMBER = /^([A-Z]{1,4})-(\d{1,9})$/;

/** The 27 digits that go with a Swiss QR-IBAN: letters as two digits each, how many digits follow, and these. */
function swissReference(number: string): string | null {
  const [, letters = '', digits = ''] = NUMBER.exec(number) ?? [];
  if (!letters) return null;
  const prefix = Array.from(letters.padStart(4, '@')).map((sign) => String(sign.charCodeAt(0) - 64).padStart(2, '0'));
  const body = `${prefix.join('')}${digits.length}${digits.padStart(9, '0')}`.padStart(26, '0');
  return body + checkDigit(body);
}

/** The number that a Swiss reference stands for, if it is one of ours. */
export function numberIn(reference: string): string | null {
  const digits = reference.replaceAll(' ', '');
  if (!/^\d{27}$/.test(digits) || checkDigit(digits.slice(0, 26)) !== digits[26]) return null;
  const [, prefix = '', length = '', rest = ''] = /^0{8}(\d{8})(\d)(\d{9})/.exec(digits) ?? [];
  const letters = prefix.replace(/\d\d/g, (code) => String.fromCharCode(64 + Number(code))).replace(/^@+/, '');
  const number = `${letters}-${rest.slice(9 - Number(length))}`;
  return swissReference(number) === digits ? number : null;
}

/** Modulo 10, recursive. */
function checkDigit(digits: string): string {
  const table = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
  const carry = Array.from(digits).reduce((carry, digit) => table[(carry + Number(digit)) % 10] ?? 0, 0);
  return String((10 - carry) % 10);
}
