import { z } from 'zod';
import { files, longText, requiredFiles, shortText } from '../../input/fields.js';
import { choices, contentInput } from './inputs.js';
import { answerDue, inTime, pastDue } from './dates.js';
import { forward } from './define_type.js';
import type { Action, StateLabel } from './lifecycle.js';
import type { Feature, Tab } from './type.js';

/** What estimates and change orders have in common: a customer accepts, asks for changes, or declines. */
export const OFFER_STATES = ['draft', 'sent', 'changes_requested', 'accepted', 'declined', 'expired', 'void'] as const;

type State = (typeof OFFER_STATES)[number];

export const offerStateLabels: Record<State, StateLabel> = {
  draft: { label: 'Draft', tone: 'quiet', awaits: 'staff', move: 'Your move: check it and send it' },
  sent: {
    label: 'Sent',
    tone: 'waiting',
    awaits: 'partner',
    move: 'Your move: accept',
    moveBy: 'Your move: accept by {{date}}',
    awaited: 'Waiting for acceptance',
    awaitedBy: 'Waiting for acceptance by {{date}}',
    button: 'View and accept',
  },
  changes_requested: {
    label: 'Changes requested',
    tone: 'waiting',
    awaits: 'staff',
    move: 'Your move: revise it',
    awaited: 'Waiting for a new version',
  },
  accepted: { label: 'Accepted', tone: 'good' },
  declined: { label: 'Declined', tone: 'stopped' },
  expired: { label: 'Expired', tone: 'stopped' },
  void: { label: 'Voided', tone: 'stopped' },
};

export const offerFeatures: Feature[] = ['choices', 'signature', 'reference', 'deposit'];

/** What is invoiced of it, or ordered, comes out of the same quantities; deposits out of its total. */
export const offerLimits = { invoice: 'quantities', sales_order: 'quantities', retainer_invoice: 'total' } as const;

export const offerTabs: Tab[] = [
  { name: 'outstanding', label: 'Outstanding', states: ['sent'] },
  { name: 'accepted', label: 'Accepted', states: ['accepted'] },
];

export const offerActions = {
  send: {
    by: 'staff',
    formPage: 'preview',
    from: ['draft'],
    to: 'sent',
    freezes: true,
    inTime: true,
    attaches: 'pdf',
    notifies: 'partner',
    summary: '{{actor}} sent {{to}} {{document}}',
    label: 'Send',
    style: 'primary',
    asks: z.object({ message: longText.optional() }),
    explains: 'It gets its number, and each recipient gets an email with a link and the PDF.',
  },
  accept: {
    by: 'partner',
    from: ['sent'],
    to: 'accepted',
    when: inTime,
    contentChange: 'choices',
    freezes: true,
    effect: 'accepted',
    signs: 'if required',
    asks: z.object({ reference: shortText.optional(), choices }),
    notifies: 'both',
    receipt: true,
    attaches: 'signed',
    summary: '{{actor}} accepted {{document}}',
    label: 'Accept',
    style: 'primary',
    explains: 'You agree to what this page shows, with the options that are ticked. Both sides are told at once.',
  },
  request_changes: {
    by: 'partner',
    from: ['sent'],
    to: 'changes_requested',
    notifies: 'staff',
    asks: z.object({ message: longText }),
    summary: '{{actor}} asked for changes to {{document}}',
    label: 'Ask for changes',
    explains: 'Say what should be different. You will get a new version by email.',
  },
  decline: {
    by: 'partner',
    from: ['sent', 'changes_requested'],
    to: 'declined',
    notifies: 'staff',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} declined {{document}}',
    label: 'Decline',
    style: 'danger',
    explains: 'They are told at once, with your reason.',
  },
  forward: { ...forward, from: ['sent', 'changes_requested', 'accepted'] },
  invoice: {
    by: 'staff',
    from: ['accepted'],
    creates: 'invoice',
    visible: 'staff',
    summary: '{{actor}} made an invoice from {{document}}',
    label: 'Make an invoice',
    style: 'primary',
  },
  order: {
    by: 'staff',
    from: ['accepted'],
    creates: 'sales_order',
    visible: 'staff',
    summary: '{{actor}} made an order from {{document}}',
    label: 'Make an order',
  },
  retainer: {
    by: 'staff',
    from: ['accepted'],
    creates: 'retainer_invoice',
    visible: 'staff',
    summary: '{{actor}} made a retainer invoice from {{document}}',
    label: 'Make a retainer invoice',
  },
  revise: {
    by: 'staff',
    from: ['sent', 'changes_requested', 'accepted', 'declined', 'expired'],
    to: 'sent',
    freezes: true,
    inTime: true,
    attaches: 'pdf',
    formPage: 'edit',
    asks: z.object({ content: contentInput, files, message: longText.optional() }),
    notifies: 'partner',
    summary: '{{actor}} sent {{to}} a new version of {{document}}',
    label: 'Revise',
  },
  accept_on_behalf: {
    by: 'staff',
    from: ['sent', 'changes_requested'],
    to: 'accepted',
    contentChange: 'choices',
    freezes: true,
    effect: 'accepted',
    asks: z.object({
      files: requiredFiles('The proof'),
      reference: shortText.optional(),
      choices,
      message: longText.optional(),
    }),
    notifies: 'both',
    attaches: 'pdf',
    summary: '{{actor}} accepted {{document}} on behalf of {{to}}',
    label: 'Accept on behalf',
    explains: 'For an acceptance that came by phone or on paper. Attach the proof; the customer is told and sees it.',
  },
  void: {
    by: 'staff',
    permission: 'voiding',
    from: ['sent', 'changes_requested', 'accepted'],
    to: 'void',
    notifies: 'partner',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} voided {{document}}',
    label: 'Void',
    style: 'danger',
    explains: 'It no longer stands. The customer is told, with your reason. This can’t be undone.',
  },
  expire: {
    by: 'system',
    schedule: 'hour',
    from: ['sent'],
    to: 'expired',
    when: pastDue,
    notifies: 'both',
    summary: '{{document}} expired',
  },
  remind: {
    by: 'system',
    schedule: 'morning',
    from: ['sent'],
    when: answerDue,
    notifies: 'partner',
    summary: 'A reminder of {{document}}',
  },
} satisfies Record<string, Action<State>>;
