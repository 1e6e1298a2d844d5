import type { Actor } from '../../db/scope.js';
import { type Tone, typeNamed } from '../../document_types/index.js';
import type { DocumentPage, PaymentRow } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { promiseBroken } from '../../document_types/shared/dates.js';
import { today } from '../../pages/days.js';
import { methodLabel } from '../../input/payment_methods.js';

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
  const processing = sumOf('processing');
  const { owes } = typeNamed(type);
  // What was paid beyond it became credit.
  const paid = Math.max(0, Math.min(sumOf('succeeded'), total - applied - Math.max(0, open)));
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

/** What the partner promised. */
export interface Promised {
  /** Its day has passed. */
  broken: boolean;
  text: string;
  explains: string | null;
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

/** "Maya Chen promised to pay by Friday, December 4.", while something is owed and no payment is on its way. */
export function promiseView(page: DocumentPage, actor: Actor, { t, format }: I18n): Promised | null {
  const { promised_on, promised_by_name, open, paying } = page;
  if (!promised_on || open <= 0 || paying || actor.guest) return null;
  const values = { name: promised_by_name ?? t('Someone'), date: format.weekday(promised_on) };
  const broken = promiseBroken(page, today(actor));
  return {
    broken,
    text: broken
      ? t('{{name}} promised to pay by {{date}}. The payment hasn’t arrived.', values)
      : t('{{name}} promised to pay by {{date}}.', values),
    explains: broken ? null : t('Payment reminders wait until then.'),
  };
}

/** "Maya Chen doesn’t agree with this invoice.", until staff have answered or nothing is owed any more. */
export function disputeView(page: DocumentPage, actor: Actor, { t, format }: I18n): string | null {
  const { disputed_on, disputed_by_name, open, type } = page;
  if (!disputed_on || open <= 0 || actor.guest) return null;
  const document = t(`this ${typeNamed(type).label.toLowerCase()}`);
  const values = { name: disputed_by_name ?? t('Someone'), date: format.date(disputed_on), document };
  return [
    t('{{name}} has not agreed with {{document}} since {{date}}.', values),
    t('Payment reminders wait until that is answered.'),
  ].join(' ');
}

type StateLabels = Record<string, readonly [label: string, tone: Tone]>;

const PAYMENT_STATES: StateLabels = {
  started: ['Started', 'quiet'],
  cancelled: ['Canceled', 'quiet'],
  processing: ['On its way', 'waiting'],
  succeeded: ['Received', 'good'],
  failed: ['Did not go through', 'late'],
  reversed: ['Reversed', 'stopped'],
};

/** What the state of a payment of a document is called: money for a bill is paid, whoever reads it. */
export function paymentState(state: string, type: string): StateLabels[string] {
  if (state === 'succeeded' && typeNamed(type).owes === 'payable') return ['Paid', 'good'];
  return PAYMENT_STATES[state] ?? [state, 'quiet'];
}

export interface PaymentItem {
  label: { text: string; sub: string | null };
  amount: number;
  state_label: string;
  tone: Tone;
  /** Its receipt; null until it is paid. */
  url: string | null;
  /** The day on which it was paid; null: not yet. */
  paid_on: string | null;
  at: Date;
}

/** A payment, with its state as text. Why it failed is the gateway's reason, translated; a reversal's is staff's own. */
export function paymentView(payment: PaymentRow, type: string, slug: string, { t }: I18n): PaymentItem {
  const { id, amount, method, reference, state, failure, paid_on, created_at } = payment;
  const [label, tone] = paymentState(state, type);
  const why = failure && (state === 'failed' ? t(failure) : failure);
  return {
    label: { text: methodLabel(method, t), sub: [reference, why].filter(Boolean).join(' · ') || null },
    amount,
    url: paid_on && `/${slug}/payments/${id}`,
    paid_on,
    state_label: t(label),
    tone,
    at: new Date(created_at),
  };
}
