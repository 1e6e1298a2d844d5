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

/** When and how an activity's payment was made, its reference, and what of it is kept as credit. [] of any other. */
export function paymentFacts(
  details: Readonly<Record<string, unknown>>,
  currency: string,
  { t, format }: { t: Translate; format: Format },
): PaymentFact[] {
  const { paid_on, method, reference, credit } = details;
  if (typeof paid_on !== 'string') return [];
  const kept = typeof credit === 'number' && format.money(credit, currency);
  const facts: [label: string, value: string | false, alone?: string | false][] = [
    [t('Paid on'), format.date(paid_on)],
    [t('Payment method'), typeof method === 'string' && methodLabel(method, t)],
    [t('Reference'), typeof reference === 'string' && reference],
    [t('Kept as credit'), kept, kept && t('{{amount}} kept as credit', { amount: kept })],
  ];
  return facts.flatMap(([label, value, alone]) => (value ? [{ label, value, alone: alone || value }] : []));
}
