import { z } from 'zod';
import {
  amountCurrency,
  day,
  field,
  files,
  id,
  longText,
  money,
  nothingOrMore,
  payment,
  shortText,
} from '../../input/fields.js';
import { contentInput, creditsInput } from './inputs.js';
import { reminderDue } from './dates.js';
import { disputeActions } from './dispute_actions.js';
import { forward, movePayment, refunded, reversePayment, takeBack, takePayment } from './define_type.js';
import type { Action, Facts, StateLabel } from './lifecycle.js';
import type { Tab } from './type.js';

/** What invoices and retainer invoices have in common: they charge, remind, and are paid in full or in parts. */
export const CHARGED_STATES = ['draft', 'sent', 'partly_paid', 'paid', 'void', 'written_off'] as const;

type State = (typeof CHARGED_STATES)[number];

const owed = ['sent', 'partly_paid'] as const;
const paid = { settled: 'paid', open: 'partly_paid' } as const;
/** An invoice over nothing is settled when it is sent. */
const charged = { settled: 'paid', open: 'sent' } as const;

/** Nothing was paid of it yet; of one over nothing, nothing ever is. */
const unpaid = ({ paying, open, total }: Facts) => !paying && (open > 0 || total === 0);

export const chargedStateLabels: Record<State, StateLabel> = {
  draft: { label: 'Draft', tone: 'quiet', awaits: 'staff', move: 'Your move: check it and send it' },
  sent: {
    label: 'Open',
    tone: 'waiting',
    awaits: 'partner',
    move: 'Your move: pay',
    moveBy: 'Your move: pay by {{date}}',
    awaited: 'Waiting for payment',
    awaitedBy: 'Waiting for payment by {{date}}',
  },
  partly_paid: {
    label: 'Partly paid',
    tone: 'waiting',
    awaits: 'partner',
    move: 'Your move: pay',
    moveBy: 'Your move: pay by {{date}}',
    awaited: 'Waiting for payment',
    awaitedBy: 'Waiting for payment by {{date}}',
  },
  paid: { label: 'Paid', tone: 'good' },
  void: { label: 'Voided', tone: 'stopped' },
  written_off: { label: 'Closed', tone: 'stopped' },
};

export const chargedTabs: Tab[] = [{ name: 'outstanding', label: 'Outstanding', states: owed, late: true }];

export const chargedActions = {
  send: {
    by: 'staff',
    formPage: 'preview',
    from: ['draft'],
    to: charged,
    freezes: true,
    attaches: 'pdf',
    effect: 'charge',
    notifies: 'partner',
    summary: '{{actor}} sent {{to}} {{document}}',
    label: 'Send',
    style: 'primary',
    asks: z.object({ message: longText.optional() }),
    explains: 'It gets its number, and each recipient gets an email with a link and the PDF.',
  },
  pay: {
    by: 'partner',
    from: owed,
    when: ({ open, online, paying }) => open > 0 && online && !paying,
    effect: 'start payment',
    formPage: 'pay',
    asks: z.object({
      amount: field(nothingOrMore.optional(), 'part'),
      currency: amountCurrency,
      method: shortText.optional(),
      stored: id.optional(),
      credits: creditsInput,
      payment: id.optional(),
    }),
    summary: '{{actor}} started to pay {{amount}} of {{document}}',
    label: 'Pay',
    style: 'primary',
  },
  promise: {
    by: 'partner',
    permission: 'paying',
    from: owed,
    when: ({ open, paying }) => open > 0 && !paying,
    effect: 'promise',
    notifies: 'staff',
    asks: z.object({ promised_on: field(day, 'near date') }),
    summary: '{{actor}} promised to pay {{document}} by {{promised_on}}',
    label: 'Say when you’ll pay',
    explains: 'You’ll get no reminders until that day has passed.',
  },
  ...disputeActions,
  forward: { ...forward, from: ['sent', 'partly_paid', 'paid'] },
  revise: {
    by: 'staff',
    from: ['sent', 'paid'],
    to: charged,
    when: unpaid,
    freezes: true,
    attaches: 'pdf',
    effect: 'charge',
    formPage: 'edit',
    asks: z.object({ content: contentInput, files, message: longText.optional() }),
    notifies: 'partner',
    summary: '{{actor}} sent {{to}} a new version of {{document}}',
    label: 'Revise',
  },
  record_payment: {
    by: 'staff',
    permission: 'paying',
    from: owed,
    to: paid,
    when: ({ paying }) => !paying,
    effect: 'settle',
    notifies: 'partner',
    asks: z.object({
      amount: money,
      currency: amountCurrency,
      paid_on: day,
      method: shortText,
      reference: shortText.optional(),
      keep_credit: field(z.boolean().optional(), 'checkbox', 'Keep the rest as credit'),
    }),
    summary: '{{actor}} recorded a payment of {{amount}} for {{document}}',
    label: 'Record a payment',
    explains: 'The customer gets a receipt by email.',
  },
  reverse_payment: {
    ...reversePayment,
    from: ['partly_paid', 'paid', 'written_off'],
    to: { ...paid, unpaid: 'sent' },
    explains:
      'For a payment that was recorded by mistake. Its amount is open again. We’ll email the customer your reason.',
  },
  move_payment: {
    ...movePayment,
    from: ['partly_paid', 'paid', 'written_off'],
    to: { ...paid, unpaid: 'sent' },
  },
  take_payment: {
    ...takePayment,
    from: owed,
    to: paid,
  },
  take_back: {
    ...takeBack,
    from: ['partly_paid', 'paid', 'written_off'],
    to: { ...paid, unpaid: 'sent' },
  },
  take_back_late: { ...takeBack, from: ['void'] },
  refund_payment: {
    by: 'staff',
    permission: 'paying',
    from: ['partly_paid', 'paid', 'written_off', 'void'],
    when: ({ refundable }) => refundable === true,
    effect: 'ask refund',
    asks: z.object({
      payment: field(payment, 'any payment'),
      amount: money,
      currency: amountCurrency,
      reason: longText,
      reopen: field(z.boolean().optional(), 'checkbox', 'It is to be paid again'),
    }),
    visible: 'staff',
    summary: '{{actor}} asked to refund {{amount}} of {{document}}',
    label: 'Refund',
    style: 'danger',
    explains:
      'What came through a payment provider goes back the same way. ' +
      'What was paid otherwise you pay back yourself. The customer is told.',
  },
  refunded: {
    ...refunded,
    from: ['partly_paid', 'paid', 'written_off'],
    to: { ...paid, unpaid: 'sent', closed: 'written_off' },
  },
  refunded_late: { ...refunded, from: ['void'] },
  refund_failed: {
    by: 'system',
    effect: 'refund failed',
    notifies: 'staff',
    visible: 'staff',
    asks: z.object({ refund: id, reason: shortText.optional() }),
    summary: 'The refund of {{amount}} for {{document}} did not go through',
  },
  chargeback: {
    by: 'system',
    effect: 'chargeback',
    notifies: 'staff',
    visible: 'staff',
    asks: z.object({ payment: id, reason: shortText.optional() }),
    summary: '{{actor}} disputes a payment of {{amount}} for {{document}}',
  },
  chargeback_won: {
    by: 'system',
    effect: 'chargeback',
    notifies: 'staff',
    visible: 'staff',
    asks: z.object({ payment: id, reason: shortText.optional() }),
    summary: 'You won the dispute over {{amount}} for {{document}}',
  },
  void: {
    by: 'staff',
    permission: 'voiding',
    from: ['sent', 'paid'],
    to: 'void',
    when: unpaid,
    effect: 'clear',
    notifies: 'partner',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} voided {{document}}',
    label: 'Void',
    style: 'danger',
    explains: 'Nothing is owed any more. The customer is told, with your reason. This can’t be undone.',
  },
  write_off: {
    by: 'staff',
    permission: 'voiding',
    from: owed,
    to: 'written_off',
    when: ({ paying }) => !paying,
    effect: 'clear',
    notifies: 'partner',
    asks: z.object({ reason: longText }),
    summary: '{{actor}} closed {{document}}; nothing more is due',
    label: 'Write off',
    style: 'danger',
    explains: 'What is still open is given up. The customer is told that nothing more is due.',
  },

  processing: {
    by: 'system',
    effect: 'payment outcome',
    asks: z.object({ payment: id }),
    notifies: 'both',
    summary: '{{amount}} for {{document}} is on its way from the bank',
  },
  failed: {
    by: 'system',
    effect: 'payment outcome',
    asks: z.object({ payment: id, reason: shortText.optional(), final: z.boolean().optional() }),
    notifies: 'both',
    summary: 'The payment of {{amount}} for {{document}} did not go through',
  },
  receive: {
    by: 'system',
    from: owed,
    to: paid,
    effect: 'settle',
    asks: z.object({ payment: id }),
    notifies: 'both',
    summary: '{{actor}} paid {{amount}} of {{document}}',
    summaryToAuthor: 'You paid {{amount}} of {{document}}',
  },
  receive_late: {
    by: 'system',
    from: ['paid', 'void', 'written_off'],
    effect: 'settle',
    asks: z.object({ payment: id }),
    notifies: 'both',
    summary: '{{actor}} paid {{amount}} after {{document}} was closed; it is kept as credit',
    summaryToAuthor: 'You paid {{amount}} after {{document}} was closed. We’re keeping it as credit for you.',
  },
  remind: {
    by: 'system',
    schedule: 'morning',
    from: owed,
    when: reminderDue,
    effect: 'remind',
    attaches: 'pdf',
    notifies: 'partner',
    summary: 'A reminder of {{document}}',
  },
} satisfies Record<string, Action<State>>;
