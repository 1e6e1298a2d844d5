import type { Actor } from '../../db/scope.js';
import { has, typeNamed } from '../../document_types/index.js';
import { depositInvoice, usualInvoice } from '../../document_types/relations.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { AccountPart } from '../../payments/ledger/account_parts.js';
import type { Balance } from '../../payments/ledger/balances.js';
import type { PreferredRate } from '../../people/preferences/exchange_rates.js';
import { preferredAmount } from '../../people/preferences/preferred_amount.js';

/** A balance in one currency as a sum that can be checked. */
export interface AccountBalance {
  currency: string;
  rows: { label: string; amount: string; href: string | null }[];
  total: { label: string; amount: string; sub: string | null };
  /** Owed to them on bills: never set off against what they owe. */
  payable: string | null;
}

/** What a customer's account is made from. */
export interface AccountFacts {
  actor: Actor;
  slug: string;
  day: string;
  rates: readonly PreferredRate[];
  i18n: I18n;
}

/** Each part is said by itself, also where it is nothing. */
export function balanceIn(
  currency: string,
  all: AccountPart[],
  balances: Balance[],
  facts: AccountFacts,
): AccountBalance {
  const parts = all.filter((one) => one.currency === currency);
  const sums = {
    invoices: sumOf(parts, 'owed', false),
    retainers: sumOf(parts, 'owed', true),
    retained: sumOf(parts, 'credit', true),
    credit: sumOf(parts, 'credit', false),
  };
  return {
    currency,
    rows: rowsOf(sums, currency, facts),
    total: totalOf(sums, currency, facts),
    payable: payableIn(currency, balances, facts.i18n),
  };
}

interface Sum {
  amount: number;
  items: number;
}

type Sums = Record<'invoices' | 'retainers' | 'retained' | 'credit', Sum>;

const isPrepaid = ({ kind }: AccountPart) => kind !== '' && has(typeNamed(kind), 'prepayment');

const sumOf = (parts: AccountPart[], part: AccountPart['part'], prepaid: boolean): Sum =>
  parts
    .filter((one) => one.part === part && isPrepaid(one) === prepaid)
    .reduce((sum, { amount, items }) => ({ amount: sum.amount + amount, items: sum.items + items }), {
      amount: 0,
      items: 0,
    });

function rowsOf(sums: Sums, currency: string, { slug, i18n }: AccountFacts): AccountBalance['rows'] {
  const { t, format } = i18n;
  const money = (minor: number) => format.money(minor, currency);
  const owed = (label: string, { amount, items }: Sum, href: string | null) => ({
    label: items ? `${label}, ${items}` : label,
    amount: money(amount),
    href,
  });
  const less = (label: string, { amount }: Sum) => ({
    label,
    amount: amount ? `−${money(amount)}` : money(0),
    href: null,
  });
  return [
    owed(t('Outstanding invoices'), sums.invoices, `/${slug}/${usualInvoice.path}?show=outstanding`),
    owed(t('Outstanding retainer invoices'), sums.retainers, `/${slug}/${depositInvoice.path}?show=outstanding`),
    less(t('Available retainer payments'), sums.retained),
    less(t('Available credits'), sums.credit),
  ];
}

function totalOf(sums: Sums, currency: string, { rates, i18n }: AccountFacts): AccountBalance['total'] {
  const { t, format } = i18n;
  const { invoices, retainers, retained, credit } = sums;
  const total = invoices.amount + retainers.amount - retained.amount - credit.amount;
  return {
    label: total < 0 ? t('Credit balance') : t('Balance payable'),
    amount: format.money(Math.abs(total), currency),
    sub: preferredAmount(Math.abs(total), currency, rates, i18n),
  };
}

function payableIn(currency: string, balances: Balance[], { format }: I18n): string | null {
  const found = balances.find((one) => one.currency === currency);
  const payable = found ? found.owed - found.credit - found.balance : 0;
  return payable > 0 ? format.money(payable, currency) : null;
}
