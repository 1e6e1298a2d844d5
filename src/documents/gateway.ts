import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { Conflict } from '../errors.js';
import type { GatewayEvent } from '../payments/sandbox_gateway.js';
import { act } from './act.js';

/** What each event does, by the names of actions: the first that the document's state allows. */
const DOES: Record<GatewayEvent['type'], string[]> = {
  'payment.processing': ['processing'],
  'payment.failed': ['failed'],
  'payment.succeeded': ['receive', 'receive_late'],
};

/** As much of a gateway's reason as is kept. */
const MOST_REASON = 200;

/**
 * Carries what a gateway says through the door, on behalf of the payer. Events come twice and in any order: what is
 * no news any more changes nothing. The amount and currency must be those of the attempt, which was held against the
 * document.
 */
export async function handleGatewayEvent(db: Knex, event: GatewayEvent): Promise<void> {
  const { organization_id, payment_id, type } = event;
  const payment = await withActor(db, systemActor(organization_id), (db) =>
    db('payments').where({ organization_id, id: payment_id }).first('document_id', 'person_id', 'amount', 'currency'),
  );
  if (!payment || payment.amount !== event.amount || payment.currency !== event.currency) return;
  const input = { payment: payment_id, reason: event.reason.slice(0, MOST_REASON) };
  for (const name of DOES[type]) {
    if (await took(act(db, systemActor(organization_id, payment.person_id), payment.document_id, name, input))) return;
  }
}

/** Whether it was done. Too early or too late for it: no, and that is no fault. */
const took = (done: Promise<unknown>): Promise<boolean> =>
  done.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Conflict) return false;
      throw error;
    },
  );
