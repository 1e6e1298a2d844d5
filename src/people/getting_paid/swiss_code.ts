import { fromMinor } from '../../input/currency.js';
import type { PaymentAccount } from './payment_accounts.js';
import { paymentReference } from './payment_reference.js';
import { type QrAddress, qrAddress, qrText } from './qr_address.js';

/** In cents. */
const MOST = 99_999_999_999;

interface SwissTransfer {
  /** In minor units. */
  amount: number;
  /** The document's. */
  number: string;
  /** The creditor's, as lines. */
  address: string;
  /** Who pays; left out: not said. */
  payer?: { name: string; address: string } | undefined;
}

/** What a Swiss QR-bill says, on paper and in its code (SIX implementation guidelines 2.3). */
interface QrBill {
  iban: string;
  creditor: QrAddress;
  /** Null: where its address is unclear, to be written by hand. */
  debtor: QrAddress | null;
  /** As a decimal. */
  amount: string;
  currency: string;
  /** Null: to an IBAN whose document has a number of another form. */
  reference: ReturnType<typeof paymentReference>;
  /** Additional information. */
  message: string;
}

/** Null where there is none: for accounts elsewhere, and without a postal code and a town, which it must have. */
export function qrBill(account: PaymentAccount, transfer: SwissTransfer): QrBill | null {
  const { kind, currency, numbers, holder } = account;
  const { amount, number, address, payer } = transfer;
  const { account: iban = '' } = numbers;
  if (kind !== 'iban' || !/^(CH|LI)/.test(iban) || !['CHF', 'EUR'].includes(currency)) return null;
  const home = iban.slice(0, 2);
  const creditor = qrAddress(holder, address, home);
  if (!creditor || amount <= 0 || amount > MOST) return null;
  return {
    ...{ iban, creditor, debtor: payer ? qrAddress(payer.name, payer.address, home) : null },
    ...{ amount: fromMinor(amount, currency), currency },
    ...{ reference: paymentReference(account, number), message: (qrText(number) ?? '').slice(0, 140) },
  };
}

/** What its code says; null where there is none. */
export function swissText(account: PaymentAccount, transfer: SwissTransfer): string | null {
  const bill = qrBill(account, transfer);
  if (!bill) return null;
  const { iban, creditor, debtor, amount, currency, reference, message } = bill;
  return [
    ...['SPC', '0200', '1', iban, ...linesOf(creditor)],
    // Of another creditor nothing is said.
    ...linesOf(null),
    ...[amount, currency, ...linesOf(debtor)],
    ...(reference ? [reference.kind, reference.value] : ['NON', '']),
    ...[message, 'EPD'],
  ].join('\n');
}

/** Of nobody, seven empty ones. */
const linesOf = (address: QrAddress | null): string[] =>
  address
    ? ['S', address.name, address.street, '', address.postal_code, address.town, address.country]
    : Array.from({ length: 7 }, () => '');
