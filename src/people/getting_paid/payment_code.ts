import { isSEPACountry } from 'ibantools';
import { create } from 'qrcode';
import { fromMinor } from '../../input/currency.js';
import type { PaymentAccount } from './payment_accounts.js';

/** A QR code: the outline of its dark modules in an SVG whose sides are `size`. */
interface QrCode {
  path: string;
  size: number;
}

interface Transfer {
  /** In minor units. */
  amount: number;
  reference: string;
}

/** What the standard allows for, in cents. */
const MOST = 99_999_999_999;

/** The code that a banking app reads; null where it reads none. */
export function transferCode(account: PaymentAccount, transfer: Transfer): QrCode | null {
  const text = transferText(account, transfer);
  return text === null ? null : drawn(text);
}

/** What the code says: a transfer in euros (EPC069-12). */
export function transferText(account: PaymentAccount, { amount, reference }: Transfer): string | null {
  const { kind, currency, country, numbers } = account;
  const { account: iban = '', bic = '' } = numbers;
  if (kind !== 'iban' || currency !== 'EUR' || !isSEPACountry(iban.slice(0, 2) || country)) return null;
  if (amount <= 0 || amount > MOST) return null;
  const holder = fitting(account.holder, 70);
  const sum = `EUR${fromMinor(amount, currency)}`;
  // Version 002, in which the BIC may be left out; 1: UTF-8; then no purpose and no structured reference.
  return ['BCD', '002', '1', 'SCT', bic, holder, iban, sum, '', '', fitting(reference, 140)].join('\n');
}

const fitting = (text: string, most: number) => text.replace(/\s+/g, ' ').slice(0, most);

/** As long as error correction is M, a transfer fits into version 13, which the standard limits it to. */
function drawn(text: string): QrCode {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const dark = Array.from(data.keys()).filter((i) => data[i]);
  return { size, path: dark.map((i) => `M${i % size} ${Math.floor(i / size)}h1v1h-1z`).join('') };
}
