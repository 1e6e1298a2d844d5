import { typeNamed } from '../../document_types/index.js';
import { languageOf } from '../../pages/languages.js';
import type { QrSlip, Sheet } from '../../pages/views/components.js';
import type { PaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { transferCode } from '../../people/getting_paid/payment_code.js';
import type { QrAddress } from '../../people/getting_paid/qr_address.js';
import { deductedSum } from '../../payments/ledger/deductions.js';
import { qrBill } from '../../people/getting_paid/swiss_code.js';
import type { Snapshot } from '../content/version.js';
import { slipWords } from './slip_words.js';

type Printed = Omit<Snapshot, 'number'> & { number: string | null };

/** The payment part and receipt of a Swiss QR-bill, for the first account that has them; null: none has. */
export function qrSlip(snapshot: Printed, locale: string): { slip: QrSlip; account: PaymentAccount } | null {
  const { type, number, total, deductions, from, to, accounts = [] } = snapshot;
  if (number === null || typeNamed(type).owes !== 'receivable') return null;
  const transfer = { amount: total - deductedSum(deductions), address: from.address, payer: to ?? undefined };
  for (const account of accounts) {
    const bill = qrBill(account, { ...transfer, number });
    const code = bill && transferCode(account, { ...transfer, reference: number });
    if (!bill || !code?.swiss) continue;
    const { iban, creditor, debtor, amount, currency, reference, message } = bill;
    const home = iban.slice(0, 2);
    const slip = {
      ...slipWords(languageOf(locale)),
      payable_to: [iban.replace(/(.{4})(?=.)/g, '$1 '), ...printedLines(creditor, home)],
      payable_by: debtor ? printedLines(debtor, home) : null,
      reference: reference?.printed ?? null,
      ...{ message, currency, amount: spaced(amount), code },
    };
    return { slip, account };
  }
  return null;
}

/** The sheet above a slip, which has all there is to say of its account. */
export function aboveSlip(document: Sheet, accounts: readonly PaymentAccount[], account: PaymentAccount): Sheet {
  const { payment } = document;
  if (!payment) return document;
  const others = payment.accounts.filter((_, index) => accounts[index] !== account);
  return { ...document, payment: others.length || payment.note.length ? { ...payment, accounts: others } : null };
}

/** Abroad, the country comes before the postal code. */
function printedLines({ name, street, postal_code, town, country }: QrAddress, home: string): string[] {
  const place = `${country === home ? '' : `${country}-`}${postal_code} ${town}`;
  return [name, street, place].filter(Boolean);
}

/** "12 345.60" in every language, as laid down. */
const spaced = (amount: string) => amount.replace(/\B(?=(\d{3})+\.)/g, ' ');
