import type { Knex } from 'knex';
import { act } from '../../act.js';
import { newId } from '../../db/ids.js';
import { systemActor, withActor } from '../../db/scope.js';
import { startSetup } from '../../payments/methods/method_setup.js';
import { storeMethod } from '../../payments/methods/store_method.js';
import { createSubscription } from '../../subscriptions/create_subscription.js';
import { actorAt, dayOf, entry, type Stage } from './stage.js';
import type { Event } from './story.js';
import { taxOf } from './typed_input.js';

/** Starts a subscription of the story. */
export async function startPlan(db: Knex, stage: Stage, { who, on }: Event, now: Date): Promise<void> {
  const { story, partners, people, subscriptions } = stage;
  const { partner, to, lines, start, trial, ends, title, note, ...rest } = entry(story.subscriptions, on);
  const actor = actorAt(stage, who, now);
  const content = {
    ...{ title, note },
    recipients: to.map((key) => entry(people, key).id),
    lines: lines.map(({ what, quantity, unit, price, tax }) => ({
      ...{ description: what, quantity, unit, unit_price: price, ...taxOf(stage, tax) },
    })),
  };
  const input = {
    ...{ content, ...rest, sends: true, start_on: dayOf(story, start) },
    ...(trial === undefined ? {} : { trial_until: dayOf(story, trial) }),
    ...(ends === undefined ? {} : { ends_on: dayOf(story, ends) }),
  };
  const id = await createSubscription(db, actor, entry(partners, partner), input);
  subscriptions.set(on, id);
  await act(db, actor, id, 'start');
}

/** Its customer stores a card that works, and lets its invoices be charged to it. */
export async function agreePlan(db: Knex, stage: Stage, { who, on, with: agreed }: Event, now: Date): Promise<void> {
  const { organization_id, subscriptions } = stage;
  const actor = actorAt(stage, who, now);
  const setup_id = await startSetup(db, actor, 'card');
  const reference = `card_ok:${newId()}`;
  const card = { method: 'card', brand: 'Visa', last_four: '4242', expires: '2034-08', reference };
  await storeMethod(db, organization_id, { setup_id }, card, now);
  const stored = await withActor(db, systemActor(organization_id), (db) =>
    db('payment_methods').where({ organization_id, reference }).first('id'),
  );
  await act(db, actor, entry(subscriptions, on), 'agree_charging', { ...agreed, method: stored.id });
}
