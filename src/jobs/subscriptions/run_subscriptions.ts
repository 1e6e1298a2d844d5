import type { Knex } from 'knex';
import { act } from '../../act.js';
import { type Actor, systemActor, withActor } from '../../db/scope.js';
import { Conflict, HttpError, NotFound } from '../../errors.js';
import { addDays } from '../../pages/days.js';
import { nextStep, type Step } from '../../subscriptions/next_step.js';
import { dayOf, findRow, type SubscriptionRow } from '../../subscriptions/subscription.js';
import { morningOf } from '../schedule.js';
import { settleCheck, type SubscriptionCheck, takeChecks } from './subscription_checks.js';

const BATCH = 100;
/** So many steps of one in a go: the others wait no longer for what stood still for years. */
const STEPS_EACH = 400;

/**
 * Does what is due of subscriptions, each step in a transaction of its own and once: `act` checks again, with it locked,
 * whether it is due. What fails keeps no other from its turn. `now` is for demo and tests.
 * @throws AggregateError of what failed; that is tried again in an hour
 */
export async function runSubscriptions(db: Knex, now = new Date()): Promise<void> {
  const errors: unknown[] = [];
  for (let more = true; more;) {
    const checks = await takeChecks(db, 'subscription_checks', now, BATCH);
    for (const check of checks) await runOne(db, check, now).catch((error: unknown) => errors.push(error));
    more = checks.length > 0 && errors.length < BATCH;
  }
  if (errors.length) throw new AggregateError(errors, `${errors.length} subscriptions could not be invoiced in time.`);
}

/** All steps that are due, in their order. What an act has changed is looked at once more, and then has none. */
async function runOne(db: Knex, check: SubscriptionCheck, now: Date): Promise<void> {
  const system = systemActor(check.organization_id, null, now);
  for (let steps = 0; steps < STEPS_EACH; steps++) {
    const row = await withActor(db, system, (db) => findRow(db, check.organization_id, check.subscription_id));
    const actor = { ...system, time_zone: row?.time_zone ?? 'UTC' };
    const step = row ? nextStep(row, dayOf(row, actor)) : null;
    const at = step && morningOf(step.on, actor);
    if (!row || !step || !at || at > now) return settleCheck(db, 'subscription_checks', now, { ...check, at });
    if (await perform(db, actor, row, step)) continue;
    const tomorrow = morningOf(addDays(dayOf(row, actor), 1), actor);
    return settleCheck(db, 'subscription_checks', now, { ...check, at: tomorrow });
  }
}

/** Whether it was done. What another worker has done meanwhile is looked at anew; what can't be, staff are told once. */
async function perform(db: Knex, actor: Actor, row: SubscriptionRow, { name }: Step): Promise<boolean> {
  try {
    await act(db, actor, row.id, name);
    return true;
  } catch (error) {
    if (error instanceof Conflict || error instanceof NotFound) return false;
    if (!(error instanceof HttpError)) throw error;
    // What an error names is in English then.
    const cause = Object.keys(error.values).length ? error.message : error.sentence;
    if (row.failed_period !== row.next_period) await act(db, actor, row.id, 'fail', { cause });
    return false;
  }
}
