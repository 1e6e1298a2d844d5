import type { Actor } from '../../db/scope.js';
import { type Tone, typeNamed } from '../../document_types/index.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { METHODS } from '../../payments/payments.js';

interface Settlement {
  paid: number;
  applied: number;
  dropped: number;
  dropped_label: string;
  /** While a payment is processing: its amount, in a sentence. */
  move?: string;
}

/** What was paid and credited, and what is no longer due without that; minor units. */
export function settlementView(page: DocumentPage, { t, format }: I18n): Settlement {
  const { type, number, total, open, currency, payments, applied } = page;
  const sumOf = (state: string) =>
    payments.filter((payment) => payment.state === state).reduce((sum, { amount }) => sum + amount, 0);
  const paid = sumOf('succeeded');
  const processing = sumOf('processing');
  const { owes } = typeNamed(type);
  // A draft is not owed yet, and a bill only from its approval on: neither can be written off.
  const canDrop = number && (owes === 'receivable' || owes === 'credit');
  return {
    paid,
    applied,
    dropped: canDrop ? Math.max(0, total - paid - applied - Math.max(0, open)) : 0,
    dropped_label: owes === 'credit' ? t('Used') : t('No longer due'),
    ...(processing
      ? { move: t('A payment of {{amount}} is on its way', { amount: format.money(processing, currency) }) }
      : {}),
  };
}

const DAYS_SHOWN = 3;

export interface FailedPayment {
  what: string;
  why: string | null;
  next: string | null;
}

/** The last payment, if it failed in the last days and the document is still to be paid. */
export function failedPaymentView(
  { payments, open, paying, currency }: DocumentPage,
  { side, now = new Date() }: Actor,
  { t, format }: I18n,
): FailedPayment | null {
  const last = payments.at(-1);
  if (last?.state !== 'failed' || open <= 0 || paying) return null;
  if (now.getTime() - Date.parse(last.created_at) > DAYS_SHOWN * 86_400_000) return null;
  return {
    what: t('The payment of {{amount}} did not go through', { amount: format.money(last.amount, currency) }),
    why: last.failure ? t(last.failure) : null,
    next: side === 'partner' ? t('Nothing was paid. You can try again, or in another way.') : null,
  };
}

type StateLabels = Record<string, readonly [label: string, tone: Tone]>;

const PAYMENT_STATES: StateLabels = {
  processing: ['On its way', 'waiting'],
  succeeded: ['Received', 'good'],
  failed: ['Did not go through', 'late'],
};

export interface PaymentItem {
  label: { text: string; sub: string | null };
  amount: number;
  state_label: string;
  tone: Tone;
  at: Date;
}

/** A payment, with its state as text; why it failed is the gateway's reason, translated. */
export function paymentView(
  { amount, method, state, failure, created_at }: DocumentPage['payments'][number],
  { t }: I18n,
): PaymentItem {
  const [label, tone] = PAYMENT_STATES[state] ?? [state, 'quiet'];
  return {
    label: { text: t(METHODS[method]?.label ?? method), sub: failure ? t(failure) : null },
    amount,
    state_label: t(label),
    tone,
    at: new Date(created_at),
  };
}
