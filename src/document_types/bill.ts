import { defineType } from './shared/type.js';

const payable = ['approved', 'scheduled', 'partly_paid'] as const;
const judged = { equal: 'submitted', differs: 'matching' } as const;

/** What a vendor wants to be paid. One that differs from its order is `matching` until staff have looked at the differences. */
export const bill = defineType({
  name: 'bill',
  label: 'Bill',
  plural: 'Bills',
  path: 'bills',
  prefix: 'BILL',
  partner: 'vendor',
  startedBy: 'partner',
  owes: 'payable',
  due: 'Due',
  features: ['their_number'],
  tabs: [
    { name: 'to_process', label: 'To process', states: ['submitted', 'matching'], side: 'staff' },
    { name: 'to_correct', label: 'To correct', states: ['in_revision', 'rejected'], side: 'partner' },
    { name: 'unpaid', label: 'To be paid', states: payable },
  ],
  states: ['draft', 'submitted', 'matching', 'in_revision', 'rejected', 'approved', 'scheduled', 'partly_paid', 'paid', 'void'],
  looks: {
    draft: { label: 'Draft', tone: 'quiet', move: 'Your move: check it and send it' },
    submitted: { label: 'Submitted', tone: 'waiting', waits: 'staff', move: 'Your move: approve it', awaited: 'Waiting for approval' },
    matching: {
      label: 'Matching',
      tone: 'waiting',
      waits: 'staff',
      move: 'Your move: confirm what differs from the order',
      awaited: 'Waiting for approval of what differs from the order',
    },
    in_revision: {
      label: 'In revision',
      tone: 'waiting',
      waits: 'partner',
      move: 'Your move: correct it and send it again',
      awaited: 'Waiting for a corrected bill',
      button: 'Correct the bill',
    },
    rejected: {
      label: 'Rejected',
      tone: 'late',
      waits: 'partner',
      move: 'Your move: correct it and send it again',
      awaited: 'Waiting for a corrected bill',
      button: 'Look at the bill',
    },
    approved: {
      label: 'Approved',
      tone: 'good',
      waits: 'staff',
      move: 'Your move: pay by {{date}}',
      awaited: 'It will be paid by {{date}}',
    },
    scheduled: {
      label: 'Scheduled',
      tone: 'good',
      waits: 'staff',
      move: 'Your move: pay by {{date}}',
      awaited: 'It will be paid on {{date}}',
    },
    partly_paid: {
      label: 'Partly paid',
      tone: 'waiting',
      waits: 'staff',
      move: 'Your move: pay the rest by {{date}}',
      awaited: 'The rest will be paid by {{date}}',
    },
    paid: { label: 'Paid', tone: 'good' },
    void: { label: 'Voided', tone: 'stopped' },
  },
  // prettier-ignore
  actions: {
    submit: { by: 'starter', from: ['draft'], to: judged, freezes: true, also: 'match', tells: 'both', asks: { message: 'long text?' }, says: '{{actor}} sent {{document}}', label: 'Confirm and send', style: 'primary',
      explains: 'It gets its number, and the other side is told at once.' },
    resubmit: { by: 'starter', from: ['in_revision', 'rejected'], to: judged, freezes: true, also: 'match', tells: 'both', asks: { content: 'document', message: 'long text?' }, opens: 'edit', says: '{{actor}} corrected {{document}}', label: 'Correct and send again', style: 'primary' },
    approve: { by: 'staff', from: ['submitted', 'matching'], to: 'approved', also: 'owe', tells: 'partner', asks: { message: 'long text?' }, says: '{{actor}} approved {{document}}', label: 'Approve', style: 'primary', explains: 'It will be paid by the agreed terms. The vendor is told.' },
    send_back: { by: 'staff', from: ['submitted', 'matching'], to: 'in_revision', also: 'recount', tells: 'partner', asks: { message: 'long text' }, says: '{{actor}} sent {{document}} back to be corrected', label: 'Send back', explains: 'Say what to change. They can correct it and send it again.' },
    reject: { by: 'staff', from: ['submitted', 'matching'], to: 'rejected', also: 'recount', tells: 'partner', asks: { reason: 'long text' }, says: '{{actor}} rejected {{document}}', label: 'Reject', style: 'danger', explains: 'The vendor is told, with your reason, and can send a corrected bill.' },
    attach_invoice: { by: 'partner', from: ['approved', 'scheduled', 'partly_paid', 'paid'], asks: { invoice: 'file', reference: 'text?' }, tells: 'staff', says: '{{actor}} attached their invoice to {{document}}', label: 'Attach your invoice', explains: 'Your own tax invoice, as a PDF or a scan.' },
    schedule: { by: 'staff', from: ['approved', 'scheduled'], to: 'scheduled', also: 'schedule', tells: 'partner', asks: { pay_on: 'date' }, says: '{{actor}} will pay {{document}} on {{pay_on}}', label: 'Schedule the payment' },
    record_payment: { by: 'staff', from: payable, to: { settled: 'paid', open: 'partly_paid' }, also: 'remit', tells: 'partner', asks: { amount: 'money', paid_on: 'date', method: 'text', reference: 'text?' }, says: '{{actor}} paid {{amount}} of {{document}}', label: 'Record a payment', explains: 'The vendor gets a remittance by email.' },
    void: { by: 'staff', from: ['submitted', 'matching', 'in_revision', 'rejected', 'approved', 'scheduled'], to: 'void', also: 'clear', tells: 'partner', asks: { reason: 'long text' }, says: '{{actor}} voided {{document}}', label: 'Void', style: 'danger', explains: 'It will not be paid. The vendor is told, with your reason. This can’t be undone.' },
  },
});
