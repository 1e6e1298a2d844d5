import { z } from 'zod';
import { files, longText, shortText } from '../../input/fields.js';
import { changes, choices, contentInput } from './inputs.js';
import { answerDue } from './dates.js';
import { forward } from './define_type.js';
import type { Action, StateLabel } from './lifecycle.js';
import type { Feature, Tab } from './type.js';

/** What purchase and work orders have in common: a vendor acknowledges, proposes changes, and bills, also in parts. */
export const ORDERED_STATES = [
  'draft',
  'sent',
  'acknowledged',
  'declined',
  'partly_billed',
  'billed',
  'closed',
  'cancelled',
] as const;

type State = (typeof ORDERED_STATES)[number];

export const orderedStateLabels: Record<State, StateLabel> = {
  draft: { label: 'Draft', tone: 'quiet', awaits: 'staff', move: 'Your move: check it and send it' },
  sent: {
    label: 'Sent',
    tone: 'waiting',
    awaits: 'partner',
    move: 'Your move: acknowledge it',
    awaited: 'Waiting for acknowledgement',
    button: 'View and acknowledge',
  },
  acknowledged: { label: 'Acknowledged', tone: 'good' },
  declined: { label: 'Declined', tone: 'stopped' },
  partly_billed: { label: 'Partly billed', tone: 'good' },
  billed: { label: 'Billed', tone: 'good' },
  closed: { label: 'Closed', tone: 'stopped' },
  cancelled: { label: 'Cancelled', tone: 'stopped' },
};

export const orderedBillable = ['acknowledged', 'partly_billed', 'billed'] as const satisfies State[];

/** Where billing leads an order that its vendor has agreed to. */
const byBilling = { none: 'acknowledged', some: 'partly_billed', all: 'billed' } as const;

export const orderedFeatures: Feature[] = ['signature', 'delivery', 'reference'];

export const orderedTabs: Tab[] = [
  { name: 'to_process', label: 'To process', states: ['sent', 'acknowledged', 'partly_billed'], side: 'partner' },
  { name: 'open', label: 'Open', states: ['sent', 'acknowledged', 'partly_billed'], side: 'staff' },
];

export const orderedActions = {
  send: {
    by: 'staff',
    formPage: 'preview',
    from: ['draft'],
    to: 'sent',
    freezes: true,
    attaches: 'pdf',
    notifies: 'partner',
    summary: '{{actor}} sent {{to}} {{document}}',
    label: 'Send',
    style: 'primary',
    asks: z.object({ message: longText.optional() }),
    explains: 'It gets its number, and each recipient gets an email with a link and the PDF.',
  },
  acknowledge: {
    by: 'partner',
    from: ['sent'],
    to: byBilling,
    when: ({ changes_proposed }) => !changes_proposed,
    contentChange: 'choices',
    freezes: true,
    effect: 'accepted',
    signs: 'if required',
    asks: z.object({ reference: shortText.optional(), choices }),
    notifies: 'both',
    receipt: true,
    attaches: 'signed',
    summary: '{{actor}} acknowledged {{document}}',
    label: 'Acknowledge',
    style: 'primary',
    explains: 'You confirm what this page shows. Both sides are told at once.',
  },
  propose: {
    by: 'partner',
    from: ['sent', 'acknowledged'],
    when: ({ changes_proposed }) => !changes_proposed,
    contentChange: 'propose',
    formPage: 'answer',
    notifies: 'staff',
    asks: z.object({ changes, files, message: longText.optional() }),
    summary: '{{actor}} proposed changes to {{document}}',
    label: 'Propose changes',
  },
  decline: {
    by: 'partner',
    from: ['sent', 'acknowledged'],
    to: 'declined',
    notifies: 'staff',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} declined {{document}}',
    label: 'Decline',
    style: 'danger',
    explains: 'They are told at once, with your reason.',
  },
  bill: {
    by: 'either',
    permission: { staff: 'buying', partner: 'billing' },
    from: ['sent', 'acknowledged', 'partly_billed'],
    when: ({ left }) => left > 0,
    creates: 'bill',
    summary: '{{actor}} began a bill for {{document}}',
    label: 'Make a bill',
    explains: 'It begins with what is not billed yet; you can change quantities, prices and lines before it is sent.',
  },
  forward,
  accept_changes: {
    by: 'staff',
    from: ['sent', 'acknowledged'],
    to: { ...byBilling, unsigned: 'sent' },
    when: ({ changes_proposed }) => changes_proposed,
    contentChange: 'apply proposed',
    freezes: true,
    attaches: 'pdf',
    notifies: 'partner',
    asks: z.object({ message: longText.optional() }),
    summary: '{{actor}} agreed to the changes of {{document}}',
    label: 'Agree to the changes',
    style: 'primary',
    explains: 'The order gets a new version with them. The vendor is told.',
  },
  refuse_changes: {
    by: 'staff',
    from: ['sent', 'acknowledged'],
    when: ({ changes_proposed }) => changes_proposed,
    contentChange: 'drop proposed',
    notifies: 'partner',
    asks: z.object({ message: longText }),
    summary: '{{actor}} keeps {{document}} as it was',
    label: 'Keep it as it is',
    explains: 'The vendor is told, with your reason.',
  },
  revise: {
    by: 'staff',
    from: ['sent', 'acknowledged', 'declined'],
    to: 'sent',
    freezes: true,
    attaches: 'pdf',
    formPage: 'edit',
    asks: z.object({ content: contentInput, files, message: longText.optional() }),
    notifies: 'partner',
    summary: '{{actor}} sent {{to}} a new version of {{document}}',
    label: 'Revise',
  },
  close: {
    by: 'staff',
    from: ['acknowledged', 'partly_billed', 'billed'],
    to: 'closed',
    notifies: 'partner',
    asks: z.object({ reason: longText.optional() }),
    summary: '{{actor}} closed {{document}}',
    label: 'Close',
    explains: 'Nothing more is expected or billed. The vendor is told.',
  },
  cancel: {
    by: 'staff',
    from: ['sent', 'acknowledged'],
    to: 'cancelled',
    notifies: 'partner',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} cancelled {{document}}',
    label: 'Cancel',
    style: 'danger',
    explains: 'The vendor is told, with your reason. This can’t be undone.',
  },
  count: {
    by: 'system',
    from: orderedBillable,
    to: byBilling,
    effect: 'count',
    asks: z.object({ number: shortText }),
    summary: '{{number}} counts towards {{document}}',
  },
  // No bill stands for the vendor's yes, or opens what has ended.
  note_billed: {
    by: 'system',
    from: ['sent', 'declined', 'closed', 'cancelled'],
    effect: 'count',
    asks: z.object({ number: shortText }),
    summary: '{{number}} counts towards {{document}}',
  },
  remind: {
    by: 'system',
    schedule: 'morning',
    from: ['sent'],
    when: (facts, today) => answerDue({ ...facts, due_on: null }, today),
    attaches: 'pdf',
    notifies: 'partner',
    summary: 'A reminder of {{document}}',
  },
} satisfies Record<string, Action<State>>;
