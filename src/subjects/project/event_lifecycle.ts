import { z } from 'zod';
import type { Action, Lifecycle } from '../../document_types/index.js';
import { comment, viewQuietly } from '../../document_types/shared/define_type.js';
import { chosen, longText } from '../../input/fields.js';
import { eventInput, moveInput, oneTime, partOfSeries, proposalInput } from './event_input.js';

type State = 'proposed' | 'planned' | 'canceled';

/** What its actions change: see projects/events/event_acts.ts. */
export type EventEffect =
  | ('comment' | 'plan' | 'change event' | 'move' | 'cancel' | 'invite' | 'uninvite')
  | ('answer' | 'propose' | 'take time' | 'keep time' | 'remind');

type EventAction = Action<State, EventEffect>;

const message = longText.optional();
const living = ['proposed', 'planned'] as const;
const person = chosen('Choose a person.');

/** Who is invited says whether they come; its organizer is told. `sequence`: of the invitation that is answered. */
const answer = {
  by: 'either',
  permission: 'message',
  needs: 'link',
  from: ['planned'],
  when: ({ theirs }) => theirs === true,
  effect: 'answer',
  asks: z.object({ message, ...oneTime, sequence: z.number().int().optional() }),
  notifies: 'named',
} as const satisfies Partial<EventAction>;

const proposal = {
  by: 'staff',
  from: ['planned'],
  when: ({ changes_proposed }) => changes_proposed,
  notifies: 'both',
} as const satisfies Partial<EventAction>;

/** Something that happens in a project at a time, to which staff, its customer or a vendor are invited. */
export const event: Lifecycle<State, EventEffect> = {
  name: 'event',
  label: 'Event',
  plural: 'Events',
  path: 'calendar',
  module: 'projects',
  page: 'events',
  titled: true,
  states: ['proposed', 'planned', 'canceled'],
  stateLabels: {
    proposed: {
      label: 'Proposed',
      tone: 'waiting',
      awaits: 'staff',
      move: 'Confirm the meeting, or propose another time',
      awaited: 'Waiting for an answer',
    },
    planned: { label: 'Planned', tone: 'good' },
    canceled: { label: 'Canceled', tone: 'stopped' },
  },
  actions: {
    ask_meeting: {
      by: 'partner',
      permission: 'message',
      needs: 'link',
      from: ['proposed'],
      once: true,
      notifies: 'staff',
      summary: '{{actor}} asked for a meeting: {{title}}',
    },
    plan: {
      by: 'staff',
      from: ['proposed'],
      to: 'planned',
      effect: 'plan',
      asks: z.object({ message }),
      notifies: 'both',
      summary: '{{actor}} planned {{title}}',
      label: 'Confirm',
      style: 'primary',
      explains: 'Everybody who takes part gets an invitation by email.',
    },
    accept: {
      ...answer,
      summary: '{{actor}} will come to {{title}}',
      summaryOf: { on: '{{actor}} will come to {{title}} on {{on}}' },
      label: 'I’ll come',
      style: 'primary',
    },
    tentative: {
      ...answer,
      summary: '{{actor}} may come to {{title}}',
      summaryOf: { on: '{{actor}} may come to {{title}} on {{on}}' },
      label: 'Maybe',
    },
    decline: {
      ...answer,
      summary: '{{actor}} can’t come to {{title}}',
      summaryOf: { on: '{{actor}} can’t come to {{title}} on {{on}}' },
      label: 'I can’t come',
    },
    propose: {
      by: 'partner',
      permission: 'message',
      needs: 'link',
      from: ['planned'],
      when: ({ theirs }) => theirs === true,
      effect: 'propose',
      asks: proposalInput,
      notifies: 'staff',
      summary: '{{actor}} proposed another time for {{title}}',
      summaryOf: { on: '{{actor}} proposed another time for {{title}} of {{on}}' },
      label: 'Propose another time',
    },
    take_time: {
      ...proposal,
      effect: 'take time',
      summary: '{{actor}} moved {{title}} to the proposed time',
      summaryOf: { on: '{{actor}} moved {{title}} of {{on}} to the proposed time' },
      label: 'Move it to the proposed time',
      style: 'primary',
    },
    keep_time: {
      ...proposal,
      effect: 'keep time',
      asks: z.object({ message }),
      summary: '{{actor}} kept the time of {{title}}',
      summaryOf: { on: '{{actor}} kept the time of {{title}} of {{on}}' },
      label: 'Keep the time',
    },
    move: {
      by: 'staff',
      from: living,
      to: 'planned',
      effect: 'move',
      asks: moveInput,
      notifies: 'both',
      summary: '{{actor}} moved {{title}}',
      summaryOf: {
        on: '{{actor}} moved {{title}} of {{on}}',
        from_on: '{{actor}} moved {{title}} from {{from_on}} on',
      },
      label: 'Move',
      explains: 'Everybody who takes part gets a new invitation, and answers anew.',
    },
    change_event: {
      by: 'staff',
      from: living,
      effect: 'change event',
      formPage: 'edit',
      asks: eventInput,
      notifies: 'both',
      summary: '{{actor}} changed {{title}}',
      label: 'Edit',
    },
    invite: {
      by: 'staff',
      from: living,
      effect: 'invite',
      asks: z.object({ person }),
      notifies: 'named',
      summary: '{{actor}} invited {{name}} to {{title}}',
      summaryToNamed: '{{actor}} invited you to {{title}}',
    },
    uninvite: {
      by: 'staff',
      from: living,
      effect: 'uninvite',
      asks: z.object({ person }),
      notifies: 'named',
      summary: '{{actor}} took {{name}} off the guest list of {{title}}',
      summaryToNamed: 'You are no longer invited to {{title}}',
    },
    cancel_event: {
      by: 'staff',
      from: living,
      to: { all: 'canceled', some: 'planned' },
      effect: 'cancel',
      asks: z.object({ message, ...partOfSeries }),
      notifies: 'both',
      summary: '{{actor}} canceled {{title}}',
      summaryOf: {
        on: '{{actor}} canceled {{title}} of {{on}}',
        from_on: '{{actor}} canceled {{title}} from {{from_on}} on',
      },
      label: 'Cancel event',
      style: 'danger',
      explains: 'Everybody who takes part is told, and it leaves their calendars.',
    },
    remind_event: {
      by: 'system',
      from: ['planned'],
      effect: 'remind',
      asks: z.object({ on: z.string() }),
      notifies: 'both',
      summary: 'Reminder: {{title}}',
    },
    comment,
    view: viewQuietly,
  } satisfies Record<string, EventAction>,
};
