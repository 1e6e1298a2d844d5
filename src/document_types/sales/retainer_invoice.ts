import { chargedActions, chargedStateLabels, chargedTabs, CHARGED_STATES } from '../shared/charged.js';
import { defineType } from '../shared/define_type.js';

/** An invoice ahead of the work. What is paid of it becomes credit for later invoices. */
export const retainerInvoice = defineType({
  name: 'retainer_invoice',
  label: 'Retainer invoice',
  plural: 'Retainer invoices',
  path: 'retainer-invoices',
  prefix: 'RET',
  partner: 'customer',
  startedBy: 'staff',
  group: 'invoices',
  module: 'invoices',
  uncounted: ['void'],
  owes: 'receivable',
  due: 'Due',
  features: ['partial_payments', 'reference', 'prepayment'],
  tabs: [...chargedTabs, { name: 'paid', label: 'Paid', states: ['paid'] }],
  states: CHARGED_STATES,
  stateLabels: chargedStateLabels,
  actions: chargedActions,
});
