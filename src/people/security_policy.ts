import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import type { Actor, Query } from '../db/scope.js';

/** What an organization asks for before risky steps; both off at first. */
export interface SecurityPolicy {
  /** Above this, in minor units of its currency, a link alone decides nothing; null: a link is enough. */
  code_above: number | null;
  /** Above this, in the same currency, two people approve a bill; null: one is enough. */
  two_approvals_above: number | null;
  /** Mail of partners that nothing proves waits for staff. */
  hold_unproven: boolean;
  /** Partners’ people may have tokens for the API. */
  partner_tokens: boolean;
}

/** An organization's policy, and the currency that it is written in. */
export const policyOf = ({ organization_id }: Actor): Query<SecurityPolicy & { currency: string }> => ({
  name: 'security_policy',
  text: 'select code_above, two_approvals_above, hold_unproven, partner_tokens, currency from organizations where id = $1',
  values: [organization_id],
});

/** Changes it, and records that. */
export async function setPolicy(db: Knex.Transaction, actor: Actor, policy: SecurityPolicy): Promise<void> {
  await db('organizations').where({ id: actor.organization_id }).update(policy);
  await record(db, actor, { action: 'set_security_policy', details: { ...policy }, visible_to: 'staff' });
}
