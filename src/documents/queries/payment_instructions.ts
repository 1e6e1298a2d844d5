import { typeNamed } from '../../document_types/index.js';
import type { Translate } from '../../pages/i18n.js';
import type { PaymentInstructions } from '../../pages/views/components.js';
import { NUMBER_FIELDS, readableNumbers } from '../../people/banking/bank_number.js';
import type { PaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { paymentReference } from '../../people/getting_paid/payment_reference.js';
import { transferCode } from '../../people/getting_paid/payment_code.js';
import type { DocumentPage } from './page.js';

/** A document to be paid, and where to. Amount in minor units. */
interface Payable {
  type: string;
  /** Null: a draft. */
  number: string | null;
  amount: number;
  accounts: readonly PaymentAccount[];
  payment_note: string;
  /** The organization's. */
  address?: string | undefined;
  /** The accounts that stood on it when it was sent. */
  sent_with?: readonly PaymentAccount[] | undefined;
}

/** How a customer pays by bank; null if nothing is owed, or the organization doesn't say. */
export function paymentInstructions(payable: Payable, t: Translate): PaymentInstructions | null {
  const { type, number, amount, accounts, payment_note, address, sent_with = [] } = payable;
  if (typeNamed(type).owes !== 'receivable' || amount <= 0 || !(accounts.length || payment_note)) return null;
  return {
    note: payment_note.split('\n').filter((line) => line.trim()),
    accounts: accounts.map((account) => ({
      holder: account.holder,
      bank_name: account.bank_name,
      numbers: numbersOf(account, t),
      reference: referenceOf(account, number),
      code: number === null ? null : transferCode(account, { amount, reference: number, address }),
    })),
    changed: sent_with.length > 0 && idsOf(sent_with) !== idsOf(accounts),
  };
}

/**
 * How a document is paid today: to where the organization is paid now, whatever stood on it when it was sent. Null for
 * a draft and while a payment is on its way, too.
 */
export function paymentNow(page: DocumentPage, t: Translate): PaymentInstructions | null {
  const { snapshot, paying, type, number, open, from_party } = page;
  if (!snapshot || paying) return null;
  const { accounts, payment_note, address } = from_party;
  const sent_with = snapshot.accounts;
  return paymentInstructions({ type, number, amount: open, accounts, payment_note, address, sent_with }, t);
}

/** By which the payment names the document: as a bank checks it, or else the document’s number. */
function referenceOf(account: PaymentAccount, number: string | null) {
  const structured = number === null ? null : paymentReference(account, number);
  if (structured) return { value: structured.printed, copied: structured.value };
  return number === null ? null : { value: number, copied: number };
}

const idsOf = (accounts: readonly PaymentAccount[]) => accounts.map(({ id }) => id).join(' ');

/** `copied`: what a button copies, without the spaces that people read by. */
function numbersOf({ kind, numbers }: PaymentAccount, t: Translate) {
  const readable = readableNumbers(kind, numbers);
  return Object.entries(NUMBER_FIELDS[kind])
    .map(([name, label]) => ({ label: t(label), value: readable[name] ?? '', copied: numbers[name] ?? '' }))
    .filter(({ value }) => value);
}
