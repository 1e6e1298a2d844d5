import Big from 'big.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { Invalid } from '../../errors.js';
import { currencyDigits, fromMinor } from '../../input/currency.js';
import { CURRENCIES } from '../../input/fields.js';
import { readNumber } from '../../input/read_number.js';
import type { Translate } from '../../pages/i18n.js';
import type { Choice, Tab } from '../../pages/views/components.js';
import {
  FEE_STEPS,
  type FeeStep,
  type LateChargeTerms,
  type NewTerms,
} from '../../payments/reminders/late_charge_terms.js';
import type { Errors } from '../shared/form.js';
import { currencyChoices } from '../shared/select_options.js';

/** The fields of what late payment costs, in one currency: views/reminders/late_charge_fields.ejs. */
export interface LateChargeFields {
  currency: string;
  rate: string;
  rate_error: string | null;
  interest_step: string;
  steps: Choice[];
  fees: { name: string; label: string; value: string; error: string | null }[];
}

/** The currencies that have fees, and how to come to another: views/reminders/late_charge_currencies.ejs. */
export interface FeeCurrencies {
  tabs: Tab[];
  url: string;
  currency: string;
  choices: Choice[];
}

export type Typed = Readonly<Record<string, string>>;

const LABELS: Record<FeeStep, string> = {
  first: 'First reminder',
  second: 'Further reminders',
  final: 'Last reminder',
};

const MAX_RATE = 30;
const RATE_DECIMALS = 2;
/** In minor units. */
const MAX_FEE = 1_000_000_000;

/** The currency that was asked for, or else the usual one. */
export const chosenCurrency = (asked: unknown, { currency }: Pick<LateChargeTerms, 'currency'>): string =>
  typeof asked === 'string' && CURRENCIES.has(asked) ? asked : currency;

/** `typed`: what could not be saved. */
export function lateChargeFields(
  terms: LateChargeTerms,
  currency: string,
  { locale, t }: { locale: string; t: Translate },
  refused: { typed: Typed; errors: Errors } | null,
): LateChargeFields {
  const stored = (step: FeeStep) => terms.fees.find((fee) => fee.step === step && fee.currency === currency);
  const shown = (step: FeeStep) => {
    const fee = stored(step);
    return fee ? formatDecimalInput(fromMinor(fee.amount, currency), locale) : '';
  };
  const rate = Number(terms.late_interest) ? formatDecimalInput(terms.late_interest, locale) : '';
  return {
    currency,
    rate: refused?.typed['late_interest'] ?? rate,
    rate_error: refused?.errors['late_interest'] ?? null,
    interest_step: refused?.typed['interest_step'] ?? terms.interest_step,
    steps: FEE_STEPS.map((step) => ({ value: step, label: t(LABELS[step]) })),
    fees: FEE_STEPS.map((step) => ({
      name: `fee_${step}`,
      label: t(LABELS[step]),
      value: refused?.typed[`fee_${step}`] ?? shown(step),
      error: refused?.errors[`fee_${step}`] ?? null,
    })),
  };
}

/** The usual currency, those that have fees, and the one at hand. */
export function feeCurrencies(terms: LateChargeTerms, currency: string, url: string, locale: string): FeeCurrencies {
  const named = [...new Set([terms.currency, ...terms.fees.map((fee) => fee.currency), currency])];
  const tabs = named.map((code) => ({ label: code, href: `${url}?currency=${code}`, current: code === currency }));
  return { tabs, url, currency, choices: currencyChoices(locale) };
}

/** What was typed. @throws Invalid by field */
export function readLateCharges(typed: Typed, locale: string): NewTerms {
  const currency = typed['currency'] ?? '';
  if (!CURRENCIES.has(currency)) throw new Invalid({ form: 'Choose a currency.' });
  const read = FEE_STEPS.map((step) => ({ step, ...readFee(typed[`fee_${step}`] ?? '', locale, currency) }));
  const rate = readRate(typed['late_interest'] ?? '', locale);
  const errors = [
    ['late_interest', rate.error] as const,
    ...read.map(({ step, error }) => [`fee_${step}`, error] as const),
  ].filter(([, error]) => error);
  if (errors.length) throw new Invalid(Object.fromEntries(errors));
  return {
    late_interest: rate.value,
    interest_step: FEE_STEPS.find((step) => step === typed['interest_step']) ?? 'first',
    currency,
    fees: read.filter(({ amount }) => amount > 0).map(({ step, amount }) => ({ step, amount })),
  };
}

/** In minor units; 0 if it is left blank. */
function readFee(typed: string, locale: string, currency: string): { amount: number; error: string } {
  if (!typed.trim()) return { amount: 0, error: '' };
  const decimal = readNumber(typed, locale);
  const minor = decimal === null ? null : Big(decimal).times(Big(10).pow(currencyDigits(currency)));
  if (minor === null || minor.lt(0) || minor.gt(MAX_FEE))
    return { amount: 0, error: 'Enter an amount, or leave it blank.' };
  if (!minor.eq(minor.round())) return { amount: 0, error: 'This has more decimals than the currency.' };
  return { amount: minor.toNumber(), error: '' };
}

function readRate(typed: string, locale: string): { value: string; error: string } {
  if (!typed.trim()) return { value: '0', error: '' };
  const rate = readNumber(typed.replace(/\s*%$/, ''), locale);
  if (rate === null || Number(rate) < 0 || Number(rate) > MAX_RATE)
    return { value: '0', error: 'Enter a rate from 0 to 30, or leave it blank.' };
  const decimals = (rate.split('.')[1] ?? '').length;
  return { value: rate, error: decimals > RATE_DECIMALS ? 'Use at most 2 decimals.' : '' };
}
