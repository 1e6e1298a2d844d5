import { z } from 'zod';
import { amountCurrency, id, money } from '../../input/fields.js';
import { chargedActions, chargedStateLabels, chargedTabs, CHARGED_STATES } from '../shared/charged.js';
import { defineType } from '../shared/define_type.js';

export const invoice = defineType({
  name: 'invoice',
  label: 'Invoice',
  plural: 'Invoices',
  path: 'invoices',
  prefix: 'INV',
  partner: 'customer',
  startedBy: 'staff',
  group: 'invoices',
  module: 'invoices',
  uncounted: ['void'],
  limits: { credit_note: 'total' },
  owes: 'receivable',
  due: 'Due',
  features: ['partial_payments', 'reference'],
  tabs: chargedTabs,
  states: CHARGED_STATES,
  stateLabels: chargedStateLabels,
  actions: {
    ...chargedActions,
    apply_credit: {
      by: 'staff',
      permission: 'paying',
      from: ['sent', 'partly_paid'],
      to: { settled: 'paid', open: 'partly_paid' },
      when: ({ credit, open, paying }) => credit > 0 && open > 0 && !paying,
      effect: 'apply credit',
      notifies: 'partner',
      asks: z.object({ amount: money, currency: amountCurrency }),
      summary: '{{actor}} applied a credit of {{amount}} to {{document}}',
      label: 'Apply credit',
      explains: 'From credit notes, paid retainers and overpayments, the oldest first.',
    },
    credit: {
      by: 'system',
      from: ['sent', 'partly_paid'],
      to: { settled: 'paid', open: 'partly_paid' },
      effect: 'apply credit',
      asks: z.object({ source: id, amount: money }),
      summary: 'A credit of {{amount}} was applied to {{document}}',
    },
    credit_note: {
      by: 'staff',
      from: ['sent', 'partly_paid', 'paid'],
      creates: 'credit_note',
      visible: 'staff',
      summary: '{{actor}} made a credit note for {{document}}',
      label: 'Make a credit note',
    },
  },
});
