import { defineType } from './shared/type.js';

/** What a customer gets back: applied to their invoices, or refunded. */
export const creditNote = defineType({
  name: 'credit_note',
  label: 'Credit note',
  plural: 'Credit notes',
  path: 'credit-notes',
  prefix: 'CN',
  partner: 'customer',
  startedBy: 'staff',
  owes: 'credit',
  due: 'Due',
  features: ['reference'],
  tabs: [{ name: 'available', label: 'Available', states: ['sent'] }],
  states: ['draft', 'sent', 'applied', 'void'],
  looks: {
    draft: { label: 'Draft', tone: 'quiet', waits: 'staff', move: 'Your move: check it and send it' },
    sent: { label: 'Available', tone: 'good' },
    applied: { label: 'Used', tone: 'quiet' },
    void: { label: 'Voided', tone: 'stopped' },
  },
  // prettier-ignore
  actions: {
    send: { by: 'staff', from: ['draft'], to: 'sent', freezes: true, attaches: 'pdf', also: 'credit', tells: 'partner', says: '{{actor}} sent {{to}} {{document}}',
      label: 'Send', style: 'primary', asks: { message: 'long text?' }, explains: 'It gets its number and counts as the customer’s credit. Each recipient gets an email with a link and the PDF.' },
    forward: { by: 'partner', also: 'forward', attaches: 'pdf', needs: 'verified', tells: 'both', asks: { name: 'text', email: 'email', message: 'long text?' },
      says: '{{actor}} forwarded {{document}} to {{name}}', label: 'Forward', explains: 'They get this by email and become a contact of your company: they can read it and write about it. Those who sent it are told.' },
    apply: { by: 'staff', from: ['sent'], to: { settled: 'applied', open: 'sent' }, when: ({ open }) => open > 0, also: 'apply credit', tells: 'partner', asks: { invoice: 'text', amount: 'money' },
      says: '{{actor}} applied {{amount}} of {{document}} to {{invoice}}', label: 'Apply to an invoice', style: 'primary', explains: 'The invoice’s open amount goes down by it. The customer is told.' },
    refund: { by: 'staff', from: ['sent'], to: { settled: 'applied', open: 'sent' }, when: ({ open }) => open > 0, also: 'refund', tells: 'partner', asks: { amount: 'money', paid_on: 'date', method: 'text', reference: 'text?' },
      says: '{{actor}} refunded {{amount}} of {{document}}', label: 'Refund', explains: 'Record what you paid back. The customer is told.' },
    void: { by: 'staff', from: ['sent'], to: 'void', also: 'clear', tells: 'partner', asks: { reason: 'long text' }, says: '{{actor}} voided {{document}}', label: 'Void', style: 'danger', explains: 'What is left of it is no credit any more. The customer is told, with your reason. This can’t be undone.' },
    count: { by: 'clock', from: ['sent', 'applied'], to: { settled: 'applied', open: 'sent' }, also: 'count', asks: { number: 'text' }, visible: 'staff', says: '{{number}} used credit from {{document}}' },
  },
});
