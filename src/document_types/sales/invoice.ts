import { z } from 'zod';
import { amountCurrency, id, money, shortText } from '../../input/fields.js';
import { creditsInput } from '../shared/inputs.js';
import { chargeActions } from '../shared/charge_actions.js';
import { chargedActions, chargedStateLabels, chargedTabs, CHARGED_STATES } from '../shared/charged.js';
import { defineType } from '../shared/define_type.js';
import type { Facts } from '../shared/lifecycle.js';

/** Late charges of which nothing was paid yet: they are waived. */
const wholeCharge = ({ late_charge, open, total }: Facts) => late_charge === true && open === total;

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
    ...chargeActions,
    revise: { ...chargedActions.revise, when: (facts) => !facts.late_charge && chargedActions.revise.when(facts) },
    void: { ...chargedActions.void, when: (facts) => !facts.late_charge && chargedActions.void.when(facts) },
    write_off: {
      ...chargedActions.write_off,
      when: (facts) => !wholeCharge(facts) && chargedActions.write_off.when(facts),
    },
    waive: {
      ...chargedActions.void,
      from: ['sent'],
      when: (facts) => facts.late_charge === true && chargedActions.void.when(facts),
      summary: '{{actor}} waived {{document}}',
      label: 'Waive',
      explains: 'These late charges are no longer owed. We’ll email the customer your reason. This can’t be undone.',
    },
    charge_late: {
      by: 'system',
      from: ['draft'],
      to: { settled: 'paid', open: 'sent' },
      when: ({ late_charge }) => late_charge === true,
      freezes: true,
      attaches: 'pdf',
      effect: 'charge',
      notifies: 'partner',
      asks: z.object({ step: shortText }),
      summary: 'Late charges: {{document}}',
    },
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
    use_credit: {
      by: 'partner',
      permission: 'paying',
      from: ['sent', 'partly_paid'],
      to: { settled: 'paid', open: 'partly_paid' },
      when: ({ open, paying }) => open > 0 && !paying,
      effect: 'apply credit',
      notifies: 'both',
      receipt: true,
      asks: z.object({ amount: money, currency: amountCurrency, credits: creditsInput }),
      summary: '{{actor}} paid {{amount}} of {{document}} from credit',
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
      when: ({ late_charge }) => !late_charge,
      creates: 'credit_note',
      visible: 'staff',
      summary: '{{actor}} made a credit note for {{document}}',
      label: 'Make a credit note',
    },
  },
});
