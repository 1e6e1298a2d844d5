import { z } from 'zod';
import { methodLabel } from '../input/payment_methods.js';
import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/i18n.js';

/** What is said of a payment besides its amount. */
interface PaymentFact {
  label: string;
  value: string;
  /** The value where no label stands beside it. */
  alone: string;
}

/** What one payment paid of several documents; null if it paid this one alone. Amounts in minor units. */
export function togetherIn(details: Readonly<Record<string, unknown>>): { number: string; amount: number }[] | null {
  const parts = z.array(z.object({ number: z.string(), amount: z.number() })).safeParse(details['together']);
  return parts.success && parts.data.length > 1 ? parts.data : null;
}

/** When and how an activity's payment was made, its reference, and what of it is kept as credit. [] of any other. */
export function paymentFacts(
  details: Readonly<Record<string, unknown>>,
  currency: string,
  { t, format }: { t: Translate; format: Format },
): PaymentFact[] {
  const { paid_on, method, reference, credit } = details;
  if (typeof paid_on !== 'string') return [];
  const together = togetherIn(details)?.map((part) => `${part.number} ${format.money(part.amount, currency)}`);
  const kept = typeof credit === 'number' && format.money(credit, currency);
  const facts: [label: string, value: string | false, alone?: string | false][] = [
    [t('Paid on'), format.date(paid_on)],
    [t('Payment method'), typeof method === 'string' && methodLabel(method, t)],
    [t('In one payment'), together?.join(', ') ?? false],
    [t('Reference'), typeof reference === 'string' && reference],
    [t('Kept as credit'), kept, kept && t('{{amount}} kept as credit', { amount: kept })],
  ];
  return facts.flatMap(([label, value, alone]) => (value ? [{ label, value, alone: alone || value }] : []));
}
