import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import type { Payment } from './payments.js';

/** What a gateway says happened, as in its signed webhook. */
export interface GatewayEvent {
  id: string;
  type: 'payment.processing' | 'payment.succeeded' | 'payment.failed';
  organization_id: string;
  payment_id: string;
  amount: number;
  currency: string;
  reason: string;
}

/** What the sandbox's test cards and accounts do. `then`: what is heard, and after how many seconds. */
export const OUTCOMES: Record<
  string,
  { method: 'card' | 'bank_debit'; label: string; hint: string; then: [GatewayEvent['type'], number, string][] }
> = {
  card_ok: {
    method: 'card',
    label: 'Card 4242 4242 4242 4242',
    hint: 'Goes through at once.',
    then: [['payment.succeeded', 0, '']],
  },
  card_declined: {
    method: 'card',
    label: 'Card 4000 0000 0000 0002',
    hint: 'Is declined.',
    then: [['payment.failed', 0, 'The card was declined.']],
  },
  bank_ok: {
    method: 'bank_debit',
    label: 'Account ending in 6789',
    hint: 'On its way for a while, then it arrives. Days become seconds here.',
    then: [
      ['payment.processing', 0, ''],
      ['payment.succeeded', 20, ''],
    ],
  },
  bank_returned: {
    method: 'bank_debit',
    label: 'Account ending in 1116',
    hint: 'On its way for a while, then the bank returns it.',
    then: [
      ['payment.processing', 0, ''],
      ['payment.failed', 20, 'The bank returned it: not enough funds.'],
    ],
  },
};

/**
 * What the sandbox gateway does when its payer presses Pay: it tells us by signed webhooks, as a real one would, each
 * of them twice. Jobs carry them, so that they come later, again if we were away, and in no promised order.
 */
export async function runSandboxPayment(db: Knex.Transaction, payment: Payment, outcome: string): Promise<void> {
  const { organization_id, id: payment_id, amount, currency } = payment;
  for (const [type, seconds, reason] of OUTCOMES[outcome]?.then ?? []) {
    const body = JSON.stringify({
      id: newId(),
      type,
      organization_id,
      payment_id,
      amount,
      currency,
      reason,
    } satisfies GatewayEvent);
    const run_at = new Date(Date.now() + seconds * 1000);
    await addJob(db, 'sandbox_webhook', { body }, { run_at });
    await addJob(db, 'sandbox_webhook', { body }, { run_at });
  }
}
