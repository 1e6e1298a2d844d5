import { isSEPACountry } from 'ibantools';
import { create } from 'qrcode';
import { fromMinor } from '../../input/currency.js';
import { creditorReference } from './payment_reference.js';
import { swissText } from './swiss_code.js';
import type { PaymentAccount } from './payment_accounts.js';

/** A QR code: the outline of its dark modules in an SVG whose sides are `size`. */
interface QrCode {
  path: string;
  size: number;
  /** With the Swiss cross in its middle. */
  swiss: boolean;
}

interface Transfer {
  /** In minor units. */
  amount: number;
  /** The document's number. */
  reference: string;
  /** The creditor's; left out: unknown, and no Swiss code. */
  address?: string | undefined;
  /** Who pays; only a Swiss code says it. */
  payer?: { name: string; address: string } | undefined;
}

/** What the standard allows for, in cents. */
const MOST = 99_999_999_999;

/** The code that a banking app reads; null where it reads none. */
export function transferCode(account: PaymentAccount, transfer: Transfer): QrCode | null {
  const swiss = swissText(account, { ...transfer, number: transfer.reference, address: transfer.address ?? '' });
  const text = swiss ?? transferText(account, transfer);
  return text === null ? null : { ...drawn(text), swiss: swiss !== null };
}

/** What the code says: a transfer in euros (EPC069-12). */
export function transferText(account: PaymentAccount, { amount, reference }: Transfer): string | null {
  const { kind, currency, country, numbers } = account;
  const { account: iban = '', bic = '' } = numbers;
  if (kind !== 'iban' || currency !== 'EUR' || !isSEPACountry(iban.slice(0, 2) || country)) return null;
  if (amount <= 0 || amount > MOST) return null;
  const holder = fitting(account.holder, 70);
  const sum = `EUR${fromMinor(amount, currency)}`;
  const structured = creditorReference(reference);
  const remittance = structured ? [structured, ''] : ['', fitting(reference, 140)];
  // Version 002, in which the BIC may be left out; 1: UTF-8; then no purpose.
  return ['BCD', '002', '1', 'SCT', bic, holder, iban, sum, '', ...remittance].join('\n').trimEnd();
}

const fitting = (text: string, most: number) => text.replace(/\s+/g, ' ').slice(0, most);

/** As long as error correction is M, a transfer fits into version 13, which the standard limits it to. */
function drawn(text: string): Omit<QrCode, 'swiss'> {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const dark = Array.from(data.keys()).filter((i) => data[i]);
  return { size, path: dark.map((i) => `M${i % size} ${Math.floor(i / size)}h1v1h-1z`).join('') };
}
