import { z } from 'zod';
import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

interface I18n {
  t: Translate;
  format: Format;
}

const Named = z.object({ method: z.string(), brand: z.string(), last_four: z.string() });
type Named = z.infer<typeof Named>;

/** "Visa ending in 4242", "Bank account ending in 6019" */
export const chargedMethod = ({ method, brand, last_four }: Named, t: Translate): string =>
  method === 'card'
    ? t('{{brand}} ending in {{ending}}', { brand, ending: last_four })
    : t('Bank account ending in {{ending}}', { ending: last_four });

/** A mandate as the details of an activity have it; amounts in minor units. */
const Mandate = Named.extend({
  max_amount: z.number(),
  currency: z.string(),
  notice_days: z.number(),
  words: z.string(),
});

/** What a customer agreed to: which method is charged, up to which amount, how long before it is announced. */
export function mandateLines(
  { max_amount, currency, notice_days, ...named }: z.infer<typeof Mandate>,
  { t, format }: I18n,
): [label: string, value: string][] {
  return [
    [t('Payment method'), chargedMethod(named, t)],
    [t('Limit'), t('{{amount}} for each invoice', { amount: format.money(max_amount, currency) })],
    [t('Notice'), t('{{count}} days before each charge', { count: notice_days })],
  ];
}

const MandateEvent = z.object({
  mandate: Mandate,
  /** Why it ended; left out: it has begun. */
  ended: z.enum(['asked', 'removed', 'expired']).optional(),
  numbers: z.array(z.string()).default([]),
});

/** What an activity says of a mandate; null if it says nothing of one. */
export const mandateIn = (details: Readonly<Record<string, unknown>>) => MandateEvent.safeParse(details).data ?? null;

const FailedCharge = z.object({ charge: Named.extend({ next_on: z.string().nullable() }) });

/** An automatic payment that failed, and when it is tried again; null of any other. */
export const failedChargeIn = (details: Readonly<Record<string, unknown>>) =>
  FailedCharge.safeParse(details).data?.charge ?? null;

/** An invoice that is to be charged. Amounts in minor units. */
export interface PlannedCharge extends Named {
  charge_on: string;
  max_amount: number;
  /** So often it was tried already. */
  attempts: number;
}

/** "We’ll charge Visa ending in 4242 on December 4, 2026: $120.00. Nothing to do." `staff`: who reads it. */
export function chargeSentence(
  charge: PlannedCharge,
  { open, currency }: { open: number; currency: string },
  staff: boolean,
  { t, format }: I18n,
): string {
  const values = {
    method: chargedMethod(charge, t),
    date: format.date(charge.charge_on),
    amount: format.money(open, currency),
    limit: format.money(charge.max_amount, currency),
  };
  if (open > charge.max_amount)
    return staff
      ? t('This is above the customer’s limit of {{limit}} for automatic payment, so it won’t be charged.', values)
      : t('This is above your limit of {{limit}} for automatic payment, so we won’t charge it. Please pay it.', values);
  if (charge.attempts)
    return staff
      ? t('{{method}} will be tried again on {{date}}: {{amount}}.', values)
      : t('We’ll try {{method}} again on {{date}}: {{amount}}. You can also pay now.', values);
  return staff
    ? t('{{method}} will be charged on {{date}}: {{amount}}.', values)
    : t('We’ll charge {{method}} on {{date}}: {{amount}}. Nothing to do.', values);
}

/** Why an invoice is not charged, by its cause. */
const CAUSES: Record<string, string> = {
  limit: 'It comes to more than the limit of {{limit}}.',
  dispute: 'There is an open objection to it.',
  promise: 'A later day of payment was promised.',
  method: 'The saved payment method can’t be used for it.',
  mandate: 'Automatic payment was turned off.',
  settled: 'It was paid or closed before.',
};

export const causeSentence = (cause: string, limit: number, currency: string, { t, format }: I18n): string =>
  t(CAUSES[cause] ?? '', { limit: format.money(limit, currency) });
