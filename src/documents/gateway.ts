import type { Knex } from 'knex';
import { clock, scoped } from '../db/scope.js';
import { HttpError } from '../errors.js';
import type { GatewayEvent } from '../payments/sandbox.js';
import { act } from './act.js';

const CLOSED = new Set(['paid', 'void', 'written_off']);

/**
 * Carries what a gateway says through the door, on behalf of the payer. Events come twice and in any order: what is no news any more changes
 * nothing. The amount and currency must be those of the attempt, which was held against the document.
 */
export async function gatewaySays(db: Knex, event: GatewayEvent): Promise<void> {
  const { organization_id, payment_id, type, reason } = event;
  const payment = await scoped(db, clock(organization_id), (db) =>
    db('payments as p')
      .join('documents as d', (on) => on.on('d.organization_id', 'p.organization_id').on('d.id', 'p.document_id'))
      .where({ 'p.organization_id': organization_id, 'p.id': payment_id })
      .first('p.document_id', 'p.person_id', 'p.amount', 'p.currency', 'd.state'),
  );
  if (!payment || payment.amount !== event.amount || payment.currency !== event.currency) return;
  const names = {
    'payment.processing': 'processing',
    'payment.failed': 'failed',
    'payment.succeeded': CLOSED.has(payment.state) ? 'receive_late' : 'receive',
  };
  await act(db, clock(organization_id, payment.person_id), payment.document_id, names[type], { payment: payment_id, reason }).catch(
    (error: unknown) => {
      if (!(error instanceof HttpError)) throw error;
    },
  );
}
