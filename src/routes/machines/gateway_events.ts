import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { Conflict } from '../../errors.js';
import type { GatewayEvent } from '../../payments/sandbox_gateway.js';
import { act } from '../../act.js';

/** The actions for each event: the first that the document's state allows is done. */
const ACTIONS: Record<GatewayEvent['type'], string[]> = {
  'payment.processing': ['processing'],
  'payment.failed': ['failed'],
  'payment.succeeded': ['receive', 'receive_late'],
};

const MAX_REASON_LENGTH = 200;

/**
 * Acts on a gateway's event on behalf of the payer. Events come twice and in any order; outdated ones change nothing,
 * nor do those whose amount or currency differs from the attempt's, which was checked against the document.
 */
export async function handleGatewayEvent(db: Knex, event: GatewayEvent): Promise<void> {
  const { organization_id, payment_id, type } = event;
  const payment = await withActor(db, systemActor(organization_id), (db) =>
    db('payments').where({ organization_id, id: payment_id }).first('document_id', 'person_id', 'amount', 'currency'),
  );
  if (!payment || payment.amount !== event.amount || payment.currency !== event.currency) return;
  const reason = event.reason.slice(0, MAX_REASON_LENGTH);
  const input = { payment: payment_id, ...(reason ? { reason } : {}) };
  for (const name of ACTIONS[type]) {
    if (await succeeds(act(db, systemActor(organization_id, payment.person_id), payment.document_id, name, input)))
      return;
  }
}

/** False if the document's state doesn't allow the act. */
const succeeds = (acting: Promise<unknown>): Promise<boolean> =>
  acting.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Conflict) return false;
      throw error;
    },
  );
