import { answerDue } from './shared/dates.js';
import { defineType } from './shared/type.js';

/** What was ordered; invoiced at once or in parts. */
export const salesOrder = defineType({
  name: 'sales_order',
  label: 'Order',
  plural: 'Orders',
  path: 'orders',
  prefix: 'SO',
  partner: 'customer',
  startedBy: 'staff',
  due: 'Delivery',
  features: ['signature', 'reference'],
  tabs: [{ name: 'not_invoiced', label: 'Not invoiced', states: ['sent', 'accepted', 'partly_invoiced'] }],
  states: ['draft', 'sent', 'accepted', 'partly_invoiced', 'invoiced', 'closed', 'void'],
  looks: {
    draft: { label: 'Draft', tone: 'quiet', waits: 'staff', move: 'Your move: check it and send it' },
    sent: {
      label: 'Sent',
      tone: 'waiting',
      waits: 'partner',
      move: 'Your move: accept it',
      awaited: 'Waiting for acceptance',
      button: 'View and accept',
    },
    accepted: { label: 'Accepted', tone: 'good' },
    partly_invoiced: { label: 'Partly invoiced', tone: 'good' },
    invoiced: { label: 'Invoiced', tone: 'good' },
    closed: { label: 'Closed', tone: 'stopped' },
    void: { label: 'Voided', tone: 'stopped' },
  },
  leads: [
    {
      label: 'Order from a vendor',
      by: 'staff',
      from: ['accepted', 'partly_invoiced', 'invoiced'],
      to: 'purchase-orders/new?from={{key}}',
    },
  ],
  // prettier-ignore
  actions: {
    send: { by: 'staff', from: ['draft'], to: 'sent', freezes: true, attaches: 'pdf', tells: 'partner', says: '{{actor}} sent {{to}} {{document}}',
      label: 'Send', style: 'primary', asks: { message: 'long text?' }, explains: 'It gets its number, and each recipient gets an email with a link and the PDF.' },
    accept: { by: 'partner', from: ['sent'], to: 'accepted', changes: 'choices', freezes: true, also: 'accepted', signs: 'if required', asks: { reference: 'text?' }, tells: 'both', receipt: true, attaches: 'signed',
      says: '{{actor}} accepted {{document}}', label: 'Accept', style: 'primary', explains: 'You agree to what this page shows. Both sides are told at once.' },
    forward: { by: 'partner', also: 'forward', attaches: 'pdf', needs: 'verified', tells: 'both', asks: { name: 'text', email: 'email', message: 'long text?' },
      says: '{{actor}} forwarded {{document}} to {{name}}', label: 'Forward', explains: 'They get this by email and become a contact of your company: they can read it and write about it. Those who sent it are told.' },
    invoice: { by: 'staff', from: ['accepted', 'partly_invoiced'], when: ({ left }) => left > 0, makes: 'invoice', visible: 'staff', says: '{{actor}} made an invoice from {{document}}', label: 'Make an invoice', style: 'primary',
      explains: 'It begins with what is not invoiced yet; take out what comes later.' },
    revise: { by: 'staff', from: ['sent'], to: 'sent', freezes: true, attaches: 'pdf', opens: 'edit', asks: { content: 'document', message: 'long text?' }, tells: 'partner',
      says: '{{actor}} sent {{to}} a new version of {{document}}', label: 'Revise' },
    accept_on_behalf: { by: 'staff', from: ['sent'], to: 'accepted', changes: 'choices', freezes: true, also: 'accepted', asks: { proof: 'file', reference: 'text?', message: 'long text?' }, tells: 'both', attaches: 'pdf',
      says: '{{actor}} accepted {{document}} on behalf of {{to}}', label: 'Accept on behalf', explains: 'For an acceptance that came by phone or on paper. Attach the proof; the customer is told and sees it.' },
    close: { by: 'staff', from: ['accepted', 'partly_invoiced', 'invoiced'], to: 'closed', tells: 'partner', asks: { reason: 'long text?' }, says: '{{actor}} closed {{document}}', label: 'Close', explains: 'Nothing more will be delivered or invoiced. The customer is told.' },
    void: { by: 'staff', from: ['sent', 'accepted'], to: 'void', tells: 'partner', asks: { reason: 'long text' }, says: '{{actor}} voided {{document}}', label: 'Void', style: 'danger', explains: 'It no longer stands. The customer is told, with your reason. This can’t be undone.' },
    count: { by: 'clock', from: ['accepted', 'partly_invoiced', 'invoiced'], to: { none: 'accepted', some: 'partly_invoiced', all: 'invoiced' }, also: 'count', asks: { number: 'text' }, visible: 'staff', says: '{{number}} counts towards {{document}}' },
    remind: { by: 'clock', clock: 'morning', from: ['sent'], when: answerDue, tells: 'partner', says: 'A reminder of {{document}}' },
  },
});
