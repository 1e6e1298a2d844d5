import { answerDue } from './dates.js';
import type { Action, Feature, Look, Tab } from './type.js';

/** What purchase and work orders have in common: a vendor acknowledges them, proposes changes, and bills them in one or several bills. */
export const ORDERED_STATES = ['draft', 'sent', 'acknowledged', 'declined', 'partly_billed', 'billed', 'closed', 'cancelled'] as const;

type State = (typeof ORDERED_STATES)[number];

export const orderedLooks: Record<State, Look> = {
  draft: { label: 'Draft', tone: 'quiet', waits: 'staff', move: 'Your move: check it and send it' },
  sent: {
    label: 'Sent',
    tone: 'waiting',
    waits: 'partner',
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

export const orderedFeatures: Feature[] = ['signature', 'delivery', 'reference'];

export const orderedTabs: Tab[] = [
  { name: 'to_process', label: 'To process', states: ['sent', 'acknowledged', 'partly_billed'], side: 'partner' },
  { name: 'open', label: 'Open', states: ['sent', 'acknowledged', 'partly_billed'], side: 'staff' },
];

// prettier-ignore
export const orderedActions = {
  send: { by: 'staff', from: ['draft'], to: 'sent', freezes: true, attaches: 'pdf', tells: 'partner', says: '{{actor}} sent {{to}} {{document}}',
    label: 'Send', style: 'primary', asks: { message: 'long text?' }, explains: 'It gets its number, and each recipient gets an email with a link and the PDF.' },
  acknowledge: { by: 'partner', from: ['sent'], to: 'acknowledged', when: ({ changes_proposed }) => !changes_proposed, changes: 'choices', freezes: true, also: 'accepted', signs: 'if required', asks: { reference: 'text?' }, tells: 'both', receipt: true, attaches: 'signed',
    says: '{{actor}} acknowledged {{document}}', label: 'Acknowledge', style: 'primary', explains: 'You confirm what this page shows. Both sides are told at once.' },
  propose: { by: 'partner', from: ['sent', 'acknowledged'], when: ({ changes_proposed }) => !changes_proposed, changes: 'propose', opens: 'answer', tells: 'staff', asks: { message: 'long text?' },
    says: '{{actor}} proposed changes to {{document}}', label: 'Propose changes' },
  decline: { by: 'partner', from: ['sent', 'acknowledged'], to: 'declined', tells: 'staff', asks: { reason: 'long text' }, says: '{{actor}} declined {{document}}', label: 'Decline', style: 'danger', explains: 'They are told at once, with your reason.' },
  bill: { by: 'either', from: ['sent', 'acknowledged', 'partly_billed'], when: ({ left }) => left > 0, makes: 'bill', says: '{{actor}} began a bill for {{document}}', label: 'Make a bill',
    explains: 'It begins with what is not billed yet; you can change quantities, prices and lines before it is sent.' },
  forward: { by: 'partner', also: 'forward', attaches: 'pdf', needs: 'verified', tells: 'both', asks: { name: 'text', email: 'email', message: 'long text?' },
    says: '{{actor}} forwarded {{document}} to {{name}}', label: 'Forward', explains: 'They get this by email and become a contact of your company: they can read it and write about it. Those who sent it are told.' },
  accept_changes: { by: 'staff', from: ['sent', 'acknowledged'], to: { agreed: 'acknowledged', unsigned: 'sent' }, when: ({ changes_proposed }) => changes_proposed, changes: 'apply proposed', freezes: true, attaches: 'pdf', tells: 'partner', asks: { message: 'long text?' },
    says: '{{actor}} agreed to the changes of {{document}}', label: 'Agree to the changes', style: 'primary', explains: 'The order gets a new version with them. The vendor is told.' },
  refuse_changes: { by: 'staff', from: ['sent', 'acknowledged'], when: ({ changes_proposed }) => changes_proposed, changes: 'drop proposed', tells: 'partner', asks: { message: 'long text' },
    says: '{{actor}} keeps {{document}} as it was', label: 'Keep it as it is', explains: 'The vendor is told, with your reason.' },
  revise: { by: 'staff', from: ['sent', 'acknowledged', 'declined'], to: 'sent', freezes: true, attaches: 'pdf', opens: 'edit', asks: { content: 'document', message: 'long text?' }, tells: 'partner',
    says: '{{actor}} sent {{to}} a new version of {{document}}', label: 'Revise' },
  close: { by: 'staff', from: ['acknowledged', 'partly_billed', 'billed'], to: 'closed', tells: 'partner', asks: { reason: 'long text?' }, says: '{{actor}} closed {{document}}', label: 'Close', explains: 'Nothing more is expected or billed. The vendor is told.' },
  cancel: { by: 'staff', from: ['sent', 'acknowledged'], to: 'cancelled', tells: 'partner', asks: { reason: 'long text' }, says: '{{actor}} cancelled {{document}}', label: 'Cancel', style: 'danger', explains: 'The vendor is told, with your reason. This can’t be undone.' },
  count: { by: 'clock', from: ['sent', 'acknowledged', 'partly_billed', 'billed'], to: { none: 'acknowledged', some: 'partly_billed', all: 'billed' }, also: 'count', asks: { number: 'text' }, says: '{{number}} counts towards {{document}}' },
  remind: { by: 'clock', clock: 'morning', from: ['sent'], when: (facts, today) => answerDue({ ...facts, due_on: null }, today), attaches: 'pdf', tells: 'partner', says: 'A reminder of {{document}}' },
} satisfies Record<string, Action<State>>;
