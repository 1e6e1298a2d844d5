import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import type { Config } from '../config.js';
import { addJob } from '../db/jobs.js';
import { webhookSignature } from '../db/secrets.js';
import type { Payment } from './payments.js';

/** A gateway's signed webhook, parsed: what happened to a payment. */
export interface GatewayEvent {
  id: string;
  type: 'payment.processing' | 'payment.succeeded' | 'payment.failed';
  organization_id: string;
  payment_id: string;
  amount: number;
  currency: string;
  reason: string;
}

/** The sandbox's test cards and accounts. `then`: the events they cause, after how many seconds, with the reason. */
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
 * What the sandbox gateway does when its payer clicks Pay: like a real one, it sends each webhook twice. They are sent
 * by jobs, so they come later, are retried while we are down, and arrive in no certain order.
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

/**
 * Posts a sandbox event, signed, to our own webhook. @throws Error unless it is accepted: the job then retries, as
 * gateways do.
 */
export async function deliverWebhook(config: Config, secret: string, body: string): Promise<void> {
  const time = Math.floor(Date.now() / 1000);
  const signature = `t=${time},v1=${webhookSignature(secret, `${time}.${body}`)}`;
  const response = await fetch(`http://127.0.0.1:${config.port}/webhooks/sandbox`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', 'Sandbox-Signature': signature },
  });
  if (!response.ok) throw new Error(`The webhook was answered with ${response.status}.`);
}
