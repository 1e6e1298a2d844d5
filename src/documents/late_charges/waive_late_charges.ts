import type { Knex } from 'knex';
import type { FollowUpAct } from '../../acting/context.js';
import type { ActContext } from '../acting/document_act.js';

/** Who voids an invoice waives what was charged for its late payment, for the same reason; what was paid of it stays. */
export async function waiveLateCharges(db: Knex.Transaction, { document, input }: ActContext): Promise<FollowUpAct[]> {
  const { organization_id, id: origin_id } = document;
  const ids: string[] = await db('documents').where({ organization_id, origin_id, late_charge: true }).pluck('id');
  const { reason } = input;
  // Of what was paid in part, the rest is written off: only one of the two is offered.
  const actions = ['waive', 'write_off'];
  return ids.flatMap((id) => actions.map((action) => ({ id, action, input: { reason }, as: 'same' as const })));
}
