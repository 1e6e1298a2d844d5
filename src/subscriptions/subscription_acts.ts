import type { Knex } from 'knex';
import type { Act, OpenSubjects, Outcome } from '../acting/context.js';
import { postComment, storeMessage } from '../acting/post_comment.js';
import { binds, nextState } from '../acting/permitted.js';
import { addJob } from '../db/jobs.js';
import type { SubjectAction } from '../document_types/index.js';
import { Stale } from '../documents/acting/stale.js';
import { Invalid } from '../errors.js';
import { subscription, type SubscriptionEffect } from '../subjects/subscription/subscription_lifecycle.js';
import { announce, answerRequest, askFor, noteFailure } from './asking.js';
import { agreeCharging } from './charging/agree_charging.js';
import { endCharging } from './charging/end_charging.js';
import { changePlan } from './change_plan.js';
import { invoicePeriod } from './invoice_period.js';
import { cancel, end } from './ending.js';
import { pause, resume } from './pausing.js';
import { findRow, planFacts, type SubscriptionRow, subscriptionSubject } from './subscription.js';

/** What an effect did: the columns it changed, which way the state goes, and what its activity says. */
export interface Changed extends Omit<Outcome, 'subject'> {
  columns?: Partial<SubscriptionRow>;
  branch?: string;
}

/** An act on a subscription, on its day. */
export interface SubscriptionAct extends Act {
  row: SubscriptionRow;
}

type Effect = (db: Knex.Transaction, act: SubscriptionAct) => Promise<Changed>;

/** What each `effect` of a subscription's actions changes. */
const EFFECTS: Record<SubscriptionEffect, Effect> = {
  comment: postComment,
  start,
  'change plan': changePlan,
  pause,
  resume,
  cancel,
  ask: askFor,
  answer: answerRequest,
  'invoice period': invoicePeriod,
  'note failure': noteFailure,
  end,
  announce,
  'agree charging': agreeCharging,
  'end charging': endCharging,
};

/** What is due on its first day is not left to the next hour. */
async function start(db: Knex.Transaction, { row }: SubscriptionAct): Promise<Changed> {
  await addJob(db, 'run_subscriptions', {});
  return { branch: row.trial_until ? 'trial' : 'active', details: { plan: planFacts(row) } };
}

/** What acts change in a subscription. */
export const openSubscription: OpenSubjects = async (db, actor, id) => {
  const row = actor.organization_id ? await findRow(db, actor.organization_id, id) : undefined;
  if (!row) return null;
  const subject = subscriptionSubject(row, actor);
  return {
    subject,
    async refuseStale({ seen }, action) {
      const decides = binds(action) || action.effect === 'change plan';
      if (seen === '' && decides) throw new Invalid({ seen: 'Open the page again before you decide.' });
      if (seen && seen !== subject.seen) throw new Stale([]);
    },
    perform: (act) => perform(db, { ...act, row }),
  };
};

async function perform(db: Knex.Transaction, act: SubscriptionAct): Promise<Outcome> {
  const { row, name, actor } = act;
  const action = subscription.actions[name];
  const { columns, branch, ...outcome } = action?.effect ? await EFFECTS[action.effect](db, act) : {};
  const message_id = await storeMessage(db, act);
  const state = stateAfter(action, row, branch);
  const changes = columns || state !== row.state;
  if (changes) await saveColumns(db, row, { ...columns, state });
  // Also who takes part may have changed.
  const saved = changes ? await findRow(db, row.organization_id, row.id) : row;
  const subject = subscriptionSubject(saved ?? row, actor);
  return { ...outcome, subject, comment_id: outcome.comment_id ?? message_id };
}

/** What is only planned, such as a pause from a later day on, leaves the state as it is: it chooses no branch. */
const stateAfter = (action: SubjectAction | undefined, row: SubscriptionRow, branch: string | undefined): string =>
  typeof action?.to === 'object' && branch === undefined
    ? row.state
    : (nextState(action ?? {}, branch ?? '') ?? row.state);

/** JSON has to be text for the driver. */
async function saveColumns(db: Knex.Transaction, { organization_id, id }: SubscriptionRow, columns: object) {
  const stored = Object.entries(columns).map(([name, value]) => [
    name,
    Array.isArray(value) ? JSON.stringify(value) : (value as unknown),
  ]);
  await db('subscriptions').where({ organization_id, id }).update(Object.fromEntries(stored));
}
