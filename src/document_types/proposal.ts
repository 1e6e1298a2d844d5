import { answerDue, inTime, pastDue } from './shared/dates.js';
import { defineType } from './shared/type.js';

/** One vendor's answer to a request for proposal. It is made when the request is sent, and seen by that vendor alone. */
export const proposal = defineType({
  name: 'proposal',
  label: 'Proposal',
  plural: 'Proposals',
  path: 'proposals',
  prefix: 'PRO',
  partner: 'vendor',
  startedBy: 'staff',
  due: 'Answer by',
  features: ['delivery'],
  tabs: [
    { name: 'to_process', label: 'To answer', states: ['requested'], side: 'partner' },
    { name: 'submitted', label: 'Submitted', states: ['submitted'] },
  ],
  states: ['draft', 'requested', 'submitted', 'rejected', 'awarded', 'not_awarded', 'withdrawn', 'expired'],
  looks: {
    draft: { label: 'Draft', tone: 'quiet' },
    requested: {
      label: 'Requested',
      tone: 'waiting',
      waits: 'partner',
      move: 'Your move: submit a proposal by {{date}}',
      awaited: 'Waiting for a proposal by {{date}}',
      button: 'Submit proposal',
    },
    submitted: {
      label: 'Submitted',
      tone: 'waiting',
      waits: 'staff',
      move: 'Your move: compare and award',
      awaited: 'Waiting for a decision',
    },
    rejected: { label: 'Rejected', tone: 'stopped' },
    awarded: { label: 'Awarded', tone: 'good' },
    not_awarded: { label: 'Not awarded', tone: 'stopped' },
    withdrawn: { label: 'Withdrawn', tone: 'stopped' },
    expired: { label: 'Expired', tone: 'stopped' },
  },
  // prettier-ignore
  actions: {
    request: { by: 'staff', from: ['draft'], to: 'requested', freezes: true, attaches: 'pdf', tells: 'partner', asks: { message: 'long text?' }, says: '{{actor}} asks {{to}} for {{document}}' },
    submit: { by: 'partner', from: ['requested', 'submitted'], to: { priced: 'submitted', refused: 'rejected' }, when: inTime, changes: 'prices', freezes: true, opens: 'answer', tells: 'staff', asks: { message: 'long text?' },
      says: '{{actor}} answered {{document}}', label: 'Submit proposal', style: 'primary' },
    set_delivery: { by: 'partner', from: ['requested', 'submitted'], when: inTime, changes: 'delivery', asks: { delivery_on: 'date' }, says: '{{actor}} can deliver {{document}} on {{delivery_on}}' },
    reject: { by: 'partner', from: ['requested', 'submitted'], to: 'rejected', tells: 'staff', asks: { reason: 'long text?' }, says: '{{actor}} will not make a proposal for {{document}}', label: 'Reject', style: 'danger', explains: 'The whole request is turned down. They are told at once.' },
    withdraw: { by: 'partner', from: ['submitted'], to: 'withdrawn', tells: 'staff', asks: { reason: 'long text?' }, says: '{{actor}} withdrew {{document}}', label: 'Withdraw', style: 'danger', explains: 'Your prices no longer stand. They are told at once.' },
    forward: { by: 'partner', from: ['requested', 'submitted'], also: 'forward', attaches: 'pdf', needs: 'verified', tells: 'both', asks: { name: 'text', email: 'email', message: 'long text?' },
      says: '{{actor}} forwarded {{document}} to {{name}}', label: 'Forward', explains: 'They get this by email and become a contact of your company: they can read it and write about it. Those who sent it are told.' },
    ask_back: { by: 'staff', from: ['submitted', 'rejected'], to: 'requested', when: inTime, tells: 'partner', asks: { message: 'long text' }, says: '{{actor}} asks you back about {{document}}', label: 'Ask back', explains: 'They can change their proposal and submit it again.' },
    award: { by: 'staff', from: ['submitted'], to: 'awarded', also: 'order', tells: 'partner', asks: { message: 'long text?' }, says: '{{actor}} chose {{document}}' },
    decline: { by: 'staff', from: ['requested', 'submitted'], to: 'not_awarded', tells: 'partner', asks: { message: 'long text?' }, says: 'Thank you for {{document}}: this time another offer was chosen', label: 'Decline', explains: 'They are thanked and told that another was chosen.' },
    extend: { by: 'staff', from: ['requested', 'submitted', 'expired'], to: { requested: 'requested', submitted: 'submitted' }, changes: 'deadline', freezes: true, tells: 'partner', asks: { due_on: 'date', message: 'long text?' }, says: '{{actor}} moved the deadline of {{document}} to {{due_on}}' },
    cancel: { by: 'staff', from: ['requested', 'submitted'], to: 'withdrawn', tells: 'partner', asks: { message: 'long text?' }, says: '{{actor}} cancelled the request behind {{document}}' },
    expire: { by: 'clock', clock: 'hour', from: ['requested'], to: 'expired', when: pastDue, tells: 'both', says: '{{document}} expired' },
    remind: { by: 'clock', clock: 'morning', from: ['requested'], when: answerDue, tells: 'partner', says: 'A reminder of {{document}}' },
  },
});
