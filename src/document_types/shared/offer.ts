import { answerDue, inTime, pastDue } from './dates.js';
import type { Action, Feature, Look, Tab } from './type.js';

/** What estimates and change orders have in common: an offer that a customer accepts, wants changed, or declines. */
export const OFFER_STATES = ['draft', 'sent', 'changes_requested', 'accepted', 'declined', 'expired', 'void'] as const;

type State = (typeof OFFER_STATES)[number];

export const offerLooks: Record<State, Look> = {
  draft: { label: 'Draft', tone: 'quiet', waits: 'staff', move: 'Your move: check it and send it' },
  sent: {
    label: 'Sent',
    tone: 'waiting',
    waits: 'partner',
    move: 'Your move: accept by {{date}}',
    awaited: 'Waiting for acceptance by {{date}}',
    button: 'View and accept',
  },
  changes_requested: {
    label: 'Changes requested',
    tone: 'waiting',
    waits: 'staff',
    move: 'Your move: revise it',
    awaited: 'Waiting for a new version',
  },
  accepted: { label: 'Accepted', tone: 'good' },
  declined: { label: 'Declined', tone: 'stopped' },
  expired: { label: 'Expired', tone: 'stopped' },
  void: { label: 'Voided', tone: 'stopped' },
};

export const offerFeatures: Feature[] = ['choices', 'signature', 'reference', 'deposit'];

export const offerTabs: Tab[] = [
  { name: 'outstanding', label: 'Outstanding', states: ['sent'] },
  { name: 'accepted', label: 'Accepted', states: ['accepted'] },
];

// prettier-ignore
export const offerActions = {
  send: { by: 'staff', from: ['draft'], to: 'sent', freezes: true, inTime: true, attaches: 'pdf', tells: 'partner', says: '{{actor}} sent {{to}} {{document}}',
    label: 'Send', style: 'primary', asks: { message: 'long text?' }, explains: 'It gets its number, and each recipient gets an email with a link and the PDF.' },
  accept: { by: 'partner', from: ['sent'], to: 'accepted', when: inTime, changes: 'choices', freezes: true, also: 'accepted', signs: 'if required', asks: { reference: 'text?' },
    tells: 'both', receipt: true, attaches: 'signed', says: '{{actor}} accepted {{document}}', label: 'Accept', style: 'primary', explains: 'You agree to what this page shows, with the options that are ticked. Both sides are told at once.' },
  request_changes: { by: 'partner', from: ['sent'], to: 'changes_requested', tells: 'staff', asks: { message: 'long text' }, says: '{{actor}} asked for changes to {{document}}',
    label: 'Ask for changes', explains: 'Say what should be different. You will get a new version by email.' },
  decline: { by: 'partner', from: ['sent', 'changes_requested'], to: 'declined', tells: 'staff', asks: { reason: 'long text' }, says: '{{actor}} declined {{document}}',
    label: 'Decline', style: 'danger', explains: 'They are told at once, with your reason.' },
  forward: { by: 'partner', from: ['sent', 'changes_requested', 'accepted'], also: 'forward', attaches: 'pdf', needs: 'verified', tells: 'both', asks: { name: 'text', email: 'email', message: 'long text?' },
    says: '{{actor}} forwarded {{document}} to {{name}}', label: 'Forward', explains: 'They get this by email and become a contact of your company: they can read it and write about it. Those who sent it are told.' },
  invoice: { by: 'staff', from: ['accepted'], makes: 'invoice', visible: 'staff', says: '{{actor}} made an invoice from {{document}}', label: 'Make an invoice', style: 'primary' },
  order: { by: 'staff', from: ['accepted'], makes: 'sales_order', visible: 'staff', says: '{{actor}} made an order from {{document}}', label: 'Make an order' },
  retainer: { by: 'staff', from: ['accepted'], makes: 'retainer_invoice', visible: 'staff', says: '{{actor}} made a retainer invoice from {{document}}', label: 'Make a retainer invoice' },
  revise: { by: 'staff', from: ['sent', 'changes_requested', 'accepted', 'declined', 'expired'], to: 'sent', freezes: true, inTime: true, attaches: 'pdf', opens: 'edit', asks: { content: 'document', message: 'long text?' }, tells: 'partner',
    says: '{{actor}} sent {{to}} a new version of {{document}}', label: 'Revise' },
  accept_on_behalf: { by: 'staff', from: ['sent', 'changes_requested'], to: 'accepted', changes: 'choices', freezes: true, also: 'accepted', asks: { proof: 'file', reference: 'text?', message: 'long text?' }, tells: 'both', attaches: 'pdf',
    says: '{{actor}} accepted {{document}} on behalf of {{to}}', label: 'Accept on behalf', explains: 'For an acceptance that came by phone or on paper. Attach the proof; the customer is told and sees it.' },
  void: { by: 'staff', from: ['sent', 'changes_requested', 'accepted'], to: 'void', tells: 'partner', asks: { reason: 'long text' }, says: '{{actor}} voided {{document}}', label: 'Void', style: 'danger', explains: 'It no longer stands. The customer is told, with your reason. This can’t be undone.' },
  expire: { by: 'clock', clock: 'hour', from: ['sent'], to: 'expired', when: pastDue, tells: 'both', says: '{{document}} expired' },
  remind: { by: 'clock', clock: 'morning', from: ['sent'], when: answerDue, tells: 'partner', says: 'A reminder of {{document}}' },
} satisfies Record<string, Action<State>>;
