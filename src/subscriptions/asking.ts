import type { Knex } from 'knex';
import { z } from 'zod';
import { planFacts } from './subscription.js';
import type { Changed, SubscriptionAct } from './subscription_acts.js';

/** The customer asks for something; their words are a message. */
export const askFor = async (_db: Knex.Transaction, { name }: SubscriptionAct): Promise<Changed> => ({
  columns: { asked: name === 'ask_cancel' ? 'cancel' : 'change' },
});

/** It is declined, or withdrawn. */
export const answerRequest = async (): Promise<Changed> => ({ columns: { asked: null } });

const Failure = z.object({ cause: z.string() });

/** Staff are told once that a period can't be invoiced, until it can. */
export const noteFailure = async (_db: Knex.Transaction, { row, input }: SubscriptionAct): Promise<Changed> => ({
  columns: { failed_period: row.next_period },
  details: { cause: Failure.parse(input).cause },
});

/** What the clock only tells: that a pause begins, that the trial or all of it ends soon. */
export async function announce(_db: Knex.Transaction, { row, name }: SubscriptionAct): Promise<Changed> {
  const plan = planFacts(row);
  if (name === 'remind_trial')
    return { columns: { told_trial_until: row.trial_until }, details: { ends_on: row.trial_until, plan } };
  if (name === 'remind_end') return { columns: { told_ends_on: row.ends_on }, details: { ends_on: row.ends_on, plan } };
  return { details: row.paused_until ? { until_on: row.paused_until } : {} };
}
