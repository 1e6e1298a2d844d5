import type { Knex } from 'knex';
import { act } from '../../act.js';
import { type Actor, retry, systemActor, withActor } from '../../db/scope.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { addDays, today } from '../../pages/days.js';
import { chargeStep } from '../../subscriptions/charging/charge_step.js';
import {
  type Charging,
  type DueCharge,
  noteAttempt,
  readCharging,
  settleCharge,
} from '../../subscriptions/charging/charges.js';
import { morningOf } from '../schedule.js';
import { settleCheck, type SubscriptionCheck, takeChecks } from '../subscriptions/subscription_checks.js';

const BATCH = 100;

/**
 * Starts the automatic payments that are due, each with its try in a transaction of its own; the job `charge_stored`
 * then charges it. What fails keeps no other from its turn. `now` is for demo and tests.
 * @throws AggregateError of what failed; that is tried again once its lease is over
 */
export async function runCharges(db: Knex, now = new Date()): Promise<void> {
  const errors: unknown[] = [];
  for (let more = true; more;) {
    const checks = await takeChecks(db, 'charge_checks', now, BATCH);
    for (const check of checks) await runOne(db, check, now).catch((error: unknown) => errors.push(error));
    more = checks.length > 0 && errors.length < BATCH;
  }
  if (errors.length) throw new AggregateError(errors, `${errors.length} subscriptions could not be charged in time.`);
}

async function runOne(db: Knex, check: SubscriptionCheck, now: Date): Promise<void> {
  const system = systemActor(check.organization_id, null, now);
  const charging = await withActor(db, system, (db) => readCharging(db, check));
  const actor = { ...system, time_zone: charging.time_zone };
  const cause = whyLost(charging, actor);
  if (cause) await unlessOutdated(act(db, actor, check.subscription_id, 'lose_charging', { cause }));
  else for (const charge of charging.charges) await perform(db, actor, charge);
  await settleCheck(db, 'charge_checks', now, { ...check, at: nextLook(charging, actor, now) });
}

/** Why the method that was agreed on can't be charged any more. */
function whyLost({ mandate }: Charging, actor: Actor): 'removed' | 'expired' | null {
  if (mandate?.removed) return 'removed';
  return mandate?.expires && mandate.expires < today(actor).slice(0, 7) ? 'expired' : null;
}

async function perform(db: Knex, actor: Actor, charge: DueCharge): Promise<void> {
  const step = chargeStep(charge, today(actor));
  if (step.name === 'wait' || (step.name === 'charge' && morningOf(charge.charge_on, actor) > now(actor))) return;
  if (step.name === 'settle') return withActor(db, actor, (db) => settleCharge(db, charge));
  const stop = (cause: string) => act(db, actor, charge.document_id, 'stop_charge', { cause });
  if (step.name === 'stop') return unlessOutdated(stop(step.cause));
  await unlessOutdated(
    start(db, actor, charge).catch((error: unknown) => {
      // It is not offered any more, or no longer at this gateway.
      if (error instanceof Invalid) return stop('method');
      throw error;
    }),
  );
}

/** The same payment as a person’s, begun for who agreed to it. */
const start = (db: Knex, actor: Actor, charge: DueCharge): Promise<void> =>
  retry(() =>
    withActor(db, actor, async (db) => {
      const payer = { ...actor, person_id: charge.person_id };
      const { payment_id } = await act(db, payer, charge.document_id, 'charge', { stored: charge.method_id });
      if (payment_id) await noteAttempt(db, charge, payment_id);
    }),
  );

/** Somebody has paid, ended or changed it meanwhile: it is looked at anew. */
const unlessOutdated = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof Conflict || error instanceof NotFound)) throw error;
  });
};

const now = ({ now = new Date() }: Actor) => now;

/** On the morning of the next charge, or of the month after the method has expired. */
function nextLook({ mandate, charges }: Charging, actor: Actor, now: Date): Date | null {
  const day = today(actor);
  const days = charges.map(({ charge_on }) => (charge_on > day ? charge_on : laterToday(charge_on, actor, now)));
  if (mandate?.expires) days.push(addDays(`${mandate.expires}-28`, 4).slice(0, 8).concat('01'));
  const [first] = days.toSorted((a, b) => a.localeCompare(b));
  return first ? morningOf(first, actor) : null;
}

/** What could not be charged today is looked at tomorrow. */
const laterToday = (day: string, actor: Actor, now: Date): string =>
  morningOf(day, actor) > now ? day : addDays(today(actor), 1);
