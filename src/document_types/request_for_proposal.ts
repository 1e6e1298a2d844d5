import { defineType } from './shared/type.js';

/**
 * Asks many vendors for a price. Each gets a proposal of its own to fill in, and sees no other; the request itself
 * stays with staff.
 */
export const requestForProposal = defineType({
  name: 'request_for_proposal',
  label: 'Request for proposal',
  plural: 'Requests for proposal',
  path: 'requests',
  prefix: 'RFP',
  partner: 'vendor',
  startedBy: 'staff',
  due: 'Answer by',
  features: ['unpriced', 'delivery'],
  tabs: [{ name: 'open', label: 'Open', states: ['sent'] }],
  states: ['draft', 'sent', 'awarded', 'cancelled'],
  stateLabels: {
    draft: { label: 'Draft', tone: 'quiet', awaits: 'staff', move: 'Your move: check it and send it' },
    sent: { label: 'Open', tone: 'waiting', awaits: 'partner', awaited: 'Proposals are awaited until {{date}}' },
    awarded: { label: 'Awarded', tone: 'good' },
    cancelled: { label: 'Cancelled', tone: 'stopped' },
  },
  nextSteps: [
    {
      label: 'Compare proposals',
      by: 'staff',
      from: ['sent', 'awarded', 'cancelled'],
      to: 'documents/{{key}}/compare',
      style: 'primary',
    },
  ],
  actions: {
    send: {
      by: 'staff',
      from: ['draft'],
      to: 'sent',
      freezes: true,
      inTime: true,
      effect: 'invite',
      notifies: 'staff',
      summary: '{{actor}} asked vendors for proposals: {{document}}',
      label: 'Send',
      style: 'primary',
      asks: { message: 'long text?' },
      explains: 'Each vendor gets an email with a link to a proposal of its own. None sees another.',
    },
    award: {
      by: 'staff',
      from: ['sent'],
      to: 'awarded',
      effect: 'award',
      notifies: 'staff',
      asks: { message: 'long text?' },
      formPage: 'compare',
      summary: '{{actor}} awarded {{document}}',
    },
    extend: {
      by: 'staff',
      from: ['sent'],
      contentChange: 'deadline',
      freezes: true,
      effect: 'propagate',
      notifies: 'staff',
      asks: { due_on: 'date', message: 'long text?' },
      summary: '{{actor}} moved the deadline of {{document}} to {{due_on}}',
      label: 'Move the deadline',
      explains: 'Every vendor who can still answer is told.',
    },
    cancel: {
      by: 'staff',
      from: ['sent'],
      to: 'cancelled',
      effect: 'propagate',
      notifies: 'staff',
      asks: { message: 'long text?' },
      summary: '{{actor}} cancelled {{document}}',
      label: 'Cancel',
      style: 'danger',
      explains: 'Every vendor is told that nothing will be ordered. This can’t be undone.',
    },
  },
});
