import type { Knex } from 'knex';
import { act } from '../../act.js';
import { retry, systemActor, withActor } from '../../db/scope.js';
import { Conflict } from '../../errors.js';
import type { GatewayEvent, PaymentEvent, RefundEvent } from '../../payments/gateways/gateway.js';
import { cancelStarted } from '../../payments/payments.js';
import { actionNamed } from '../../subjects/lifecycles.js';

/** The actions for each event: of those, the first that a document's state allows. */
const ACTIONS: Record<PaymentEvent['type'], string[]> = {
  'payment.processing': ['processing'],
  'payment.failed': ['failed'],
  'payment.succeeded': ['receive', 'receive_late'],
  'payment.cancelled': [],
  'payment.returned': ['take_back', 'take_back_late'],
  'payment.disputed': ['chargeback'],
  'payment.dispute_won': ['chargeback_won'],
};

const MAX_REASON_LENGTH = 200;

/**
 * Acts on a gateway's event on behalf of the payer. Events come twice and in any order; outdated ones change nothing.
 * Returns whether it changed something.
 */
export async function handleGatewayEvent(db: Knex, event: GatewayEvent): Promise<boolean> {
  return changes(() => ('payment_id' in event ? handlePayment(db, event) : handleRefund(db, event)));
}

/** False if what it does was done before, or is no longer possible. */
const changes = (work: () => Promise<boolean>): Promise<boolean> =>
  retry(work).catch((error: unknown) => {
    if (error instanceof Conflict) return false;
    throw error;
  });

/**
 * All parts of a payment, in one transaction. An event whose amount or currency differs from the attempt's, which was
 * checked against the documents, changes nothing.
 */
function handlePayment(db: Knex, event: PaymentEvent): Promise<boolean> {
  const { organization_id, payment_id } = event;
  return withActor(db, systemActor(organization_id), async (db) => {
    const payment = await db('payments').where({ organization_id, id: payment_id }).first();
    if (!payment || payment.amount !== event.amount || payment.currency !== event.currency) return false;
    const parts = await lockedParts(db, organization_id, payment_id);
    if (event.type === 'payment.cancelled') return cancelStarted(db, payment);
    const returned = event.type === 'payment.returned' ? 'The bank took it back.' : '';
    const reason = event.reason.slice(0, MAX_REASON_LENGTH) || returned;
    const input = { payment: payment_id, ...(reason ? { reason } : {}), ...(event.final ? { final: true } : {}) };
    for (const { id, type, state } of parts) {
      const name = ACTIONS[event.type].find((name) => allows(type, name, state));
      if (name) await act(db, systemActor(organization_id, payment.person_id), id, name, input);
    }
    return parts.length > 0;
  });
}

const allows = (type: string, name: string, state: string): boolean => {
  const action = actionNamed(type, name);
  return Boolean(action && (!action.from || action.from.includes(state)));
};

/** The documents of a payment, locked in the order of their ids, as the door locks each. */
const lockedParts = async (db: Knex.Transaction, organization_id: string, payment_id: string) => {
  const ids = await db('payment_parts')
    .where({ organization_id, payment_id })
    .orderBy('document_id')
    .pluck<string[]>('document_id');
  await db('subjects').where({ organization_id }).whereIn('id', ids).orderBy('id').forNoKeyUpdate().select('id');
  return db('documents').where({ organization_id }).whereIn('id', ids).orderBy('id').select('id', 'type', 'state');
};

function handleRefund(db: Knex, { organization_id, refund_id, type, reason }: RefundEvent): Promise<boolean> {
  return withActor(db, systemActor(organization_id), async (db) => {
    const refund = await db('refunds as r')
      .join('documents as d', (on) => on.on('d.organization_id', 'r.organization_id').on('d.id', 'r.document_id'))
      .where({ 'r.organization_id': organization_id, 'r.id': refund_id })
      .first('r.document_id', 'r.person_id', 'd.type', 'd.state');
    if (!refund) return false;
    const names = type === 'refund.succeeded' ? ['refunded', 'refunded_late'] : ['refund_failed'];
    const name = names.find((name) => allows(refund.type, name, refund.state)) ?? 'refunded';
    const actor = systemActor(organization_id, refund.person_id);
    await act(db, actor, refund.document_id, name, { refund: refund_id, ...(reason ? { reason } : {}) });
    return true;
  });
}
