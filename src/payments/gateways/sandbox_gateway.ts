import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import type { Config } from '../../config.js';
import { addJob } from '../../db/jobs.js';
import { webhookSignature } from '../../db/secrets.js';
import { type Database } from '../../db/database.js';
import { systemActor, withActor } from '../../db/scope.js';
import type { Gateway, GatewayEvent, GatewayPayment, GatewayRefund, PaymentEvent } from './gateway.js';

/** What test numbers cause: events, after how many seconds, with the reason. Days become seconds here. */
const OUTCOMES: Record<string, [type: PaymentEvent['type'], seconds: number, reason: string, final?: true][]> = {
  card_ok: [['payment.succeeded', 0, '']],
  card_declined: [['payment.failed', 0, 'The card was declined.']],
  card_not_confirmed: [['payment.failed', 0, 'The bank did not confirm it.']],
  // Asks for its payer, who is not there.
  card_to_confirm: [['payment.failed', 0, 'The bank asks you to confirm it.', true]],
  card_taken_back: [
    ['payment.succeeded', 0, ''],
    ['payment.returned', 20, 'The cardholder disputed it.'],
  ],
  bank_ok: [
    ['payment.processing', 0, ''],
    ['payment.succeeded', 20, ''],
  ],
  bank_returned: [
    ['payment.processing', 0, ''],
    ['payment.failed', 20, 'The bank returned it: not enough funds.'],
  ],
};

/** The gateway for trying things out: its pages are ours, and it knows test numbers alone. Never in production. */
export const sandboxGateway = ({ knex }: Pick<Database, 'knex'>): Gateway => ({
  start: async ({ organization_id, id }) => ({ url: `/sandbox/checkout/${organization_id}/${id}`, reference: id }),
  charge: async (payment, { reference }) => {
    await runSandboxPayment(knex, payment, reference.split(':')[0] ?? '');
    return payment.id;
  },
  store: async (id, organization_id) => ({ url: `/sandbox/store/${organization_id}/${id}`, reference: id }),
  forget: async () => {},
  refund: async (refund) => {
    await runSandboxRefund(knex, refund);
    return refund.id;
  },
  cancel: async () => {},
});

type Payable = Pick<GatewayPayment, 'organization_id' | 'id' | 'amount' | 'currency'>;

/** What the sandbox does when its payer clicks Pay. */
export function runSandboxPayment(db: Knex, payment: Payable, outcome: string): Promise<void> {
  const { organization_id, id: payment_id, amount, currency } = payment;
  const about = { organization_id, payment_id, amount, currency };
  return tell(
    db,
    (OUTCOMES[outcome] ?? []).map(([type, seconds, reason, final]) => [
      { id: newId(), type, ...about, reason, ...(final ? { final } : {}) },
      seconds,
    ]),
  );
}

const runSandboxRefund = (db: Knex, { organization_id, id: refund_id }: GatewayRefund): Promise<void> =>
  tell(db, [[{ id: newId(), type: 'refund.succeeded', organization_id, refund_id, reason: '' }, 0]]);

/**
 * Like a real gateway, it sends each webhook twice, after so many seconds. They are sent by jobs, so they come later, are
 * retried while we are down, and arrive in no certain order.
 */
async function tell(db: Knex, events: [GatewayEvent, number][]): Promise<void> {
  for (const [event, seconds] of events)
    await withActor(db, systemActor(event.organization_id), async (db) => {
      const job = { body: JSON.stringify(event) };
      const run_at = new Date(Date.now() + seconds * 1000);
      await addJob(db, 'sandbox_webhook', job, { run_at });
      await addJob(db, 'sandbox_webhook', job, { run_at });
    });
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
