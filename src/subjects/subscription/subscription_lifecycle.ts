import { z } from 'zod';
import type { Action, Lifecycle } from '../../document_types/index.js';
import { comment, view } from '../../document_types/shared/define_type.js';
import type { Facts } from '../../document_types/shared/lifecycle.js';
import { day, field, longText } from '../../input/fields.js';
import { chargingActions } from './charging_actions.js';
import { changedPlan } from './plan_input.js';

/** What its actions change: see subscriptions/subscription_acts.ts. */
export type SubscriptionEffect =
  | 'comment'
  | 'start'
  | 'change plan'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'ask'
  | 'answer'
  | 'invoice period'
  | 'note failure'
  | 'end'
  | 'announce'
  | 'agree charging'
  | 'end charging';

type State = 'draft' | 'trial' | 'active' | 'paused' | 'ended';
type SubscriptionAction = Action<State, SubscriptionEffect>;

const running = ['trial', 'active'] as const;
const living = ['trial', 'active', 'paused'] as const;
const message = longText.optional();

/** What the clock does on the day that `nextStep` names. */
const step = (name: string, more: Omit<SubscriptionAction, 'by' | 'when'>): SubscriptionAction => ({
  by: 'system',
  when: ({ step }: Facts, today) => step?.name === name && step.on <= today,
  ...more,
});

const invoicing = {
  // Paused, what began before.
  from: living,
  to: { active: 'active', paused: 'paused' },
  effect: 'invoice period',
  summary: 'The invoice for {{from_on}} to {{until_on}} was made',
} as const;

/** What the clock does. */
const steps = {
  bill_period: step('bill_period', invoicing),
  draft_period: step('draft_period', {
    ...invoicing,
    notifies: 'staff',
    visible: 'staff',
    summary: 'The invoice for {{from_on}} to {{until_on}} waits as a draft',
  }),
  begin_pause: step('begin_pause', {
    from: running,
    to: 'paused',
    effect: 'announce',
    notifies: 'both',
    summary: '{{document}} is paused',
  }),
  end_pause: step('end_pause', {
    from: ['paused'],
    to: { trial: 'trial', active: 'active' },
    effect: 'resume',
    notifies: 'both',
    summary: 'The pause of {{document}} is over',
  }),
  remind_trial: step('remind_trial', {
    from: ['trial'],
    effect: 'announce',
    notifies: 'both',
    summary: 'The trial of {{document}} ends on {{ends_on}}',
  }),
  remind_end: step('remind_end', {
    from: living,
    effect: 'announce',
    notifies: 'both',
    summary: '{{document}} ends on {{ends_on}}',
  }),
  end: step('end', { from: living, to: 'ended', effect: 'end', notifies: 'both', summary: '{{document}} has ended' }),
  fail: {
    by: 'system',
    from: living,
    effect: 'note failure',
    asks: z.object({ cause: longText }),
    notifies: 'staff',
    visible: 'staff',
    summary: 'The next invoice of {{document}} could not be made',
  },
} satisfies Record<string, SubscriptionAction>;

const asks = (label: string, summary: string, explains: string): SubscriptionAction => ({
  by: 'partner',
  from: living,
  when: ({ asked }) => !asked,
  effect: 'ask',
  asks: z.object({ message: longText }),
  notifies: 'staff',
  ...{ label, summary, explains },
});

/** What the customer wishes, and what staff say to it. */
const wishes = {
  ask_change: asks(
    'Ask for a change',
    '{{actor}} asked to change {{document}}',
    'Say what you’d like changed. Nothing changes until it is agreed.',
  ),
  ask_cancel: asks(
    'Ask to cancel',
    '{{actor}} asked to cancel {{document}}',
    'Say when it should end. You’ll get an answer by email.',
  ),
  withdraw_request: {
    by: 'partner',
    from: living,
    when: ({ asked }) => asked === true,
    effect: 'answer',
    notifies: 'staff',
    summary: '{{actor}} withdrew the request about {{document}}',
    label: 'Withdraw your request',
  },
  decline_request: {
    by: 'staff',
    from: living,
    when: ({ asked }) => asked === true,
    effect: 'answer',
    asks: z.object({ message: longText }),
    notifies: 'partner',
    summary: '{{actor}} declined the request about {{document}}',
    label: 'Decline the request',
    explains: 'Say why. We’ll email the customer your answer.',
  },
} satisfies Record<string, SubscriptionAction>;

/** What is invoiced again and again. */
export const subscription: Lifecycle<State, SubscriptionEffect> = {
  name: 'subscription',
  label: 'Subscription',
  plural: 'Subscriptions',
  path: 'subscriptions',
  module: 'invoices',
  page: 'subscriptions',
  draft: 'draft',
  states: ['draft', 'trial', 'active', 'paused', 'ended'],
  stateLabels: {
    draft: { label: 'Draft', tone: 'quiet' },
    trial: { label: 'Trial', tone: 'waiting' },
    active: { label: 'Active', tone: 'good' },
    paused: { label: 'Paused', tone: 'quiet' },
    ended: { label: 'Ended', tone: 'stopped' },
  },
  actions: {
    start: {
      by: 'staff',
      limit: 'send',
      from: ['draft'],
      to: { trial: 'trial', active: 'active' },
      effect: 'start',
      notifies: 'partner',
      summary: '{{actor}} started {{document}} for {{to}}',
    },
    change: {
      by: 'staff',
      from: living,
      effect: 'change plan',
      formPage: 'edit',
      asks: changedPlan,
      notifies: 'partner',
      summary: '{{actor}} changed {{document}}',
      label: 'Change plan',
    },
    pause: {
      by: 'staff',
      from: running,
      to: { now: 'paused' },
      when: ({ pausing }) => !pausing,
      effect: 'pause',
      asks: z.object({
        from_on: field(day, 'date', 'From'),
        until_on: field(day, 'date', 'Until').optional(),
        message,
      }),
      notifies: 'partner',
      summary: '{{actor}} paused {{document}} from {{from_on}}',
      label: 'Pause',
      explains: 'Periods that begin during the pause aren’t invoiced. The customer will get an email.',
    },
    resume: {
      by: 'staff',
      from: living,
      to: { trial: 'trial', active: 'active' },
      when: ({ pausing }) => pausing === true,
      effect: 'resume',
      asks: z.object({ message }),
      notifies: 'partner',
      summary: '{{actor}} resumed {{document}}',
      label: 'Resume',
      explains: 'The next period is invoiced when it begins. The customer will get an email.',
    },
    cancel: {
      by: 'staff',
      from: living,
      to: { now: 'ended' },
      effect: 'cancel',
      asks: z.object({
        at_once: field(z.boolean().default(false), 'checkbox', 'End it today, not with its current period'),
        credit: field(z.boolean().default(false), 'checkbox', 'Credit the days that are left'),
        message,
      }),
      notifies: 'partner',
      summary: '{{actor}} cancelled {{document}}: it ends on {{ends_on}}',
      label: 'Cancel subscription',
      style: 'danger',
      explains: 'It ends with its current period. The customer will get an email.',
    },
    ...wishes,
    ...chargingActions,
    ...steps,
    comment,
    view,
  },
};
