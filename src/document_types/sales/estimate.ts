import {
  OFFER_STATES,
  offerActions,
  offerFeatures,
  offerLimits,
  offerStateLabels,
  offerTabs,
} from '../shared/offer.js';
import { defineType } from '../shared/define_type.js';

/** An offer with its price; also called a quote. */
export const estimate = defineType({
  name: 'estimate',
  label: 'Estimate',
  plural: 'Estimates',
  path: 'estimates',
  prefix: 'EST',
  partner: 'customer',
  startedBy: 'staff',
  group: 'quotes',
  module: 'quotes',
  limits: offerLimits,
  due: 'Valid until',
  features: offerFeatures,
  tabs: offerTabs,
  states: OFFER_STATES,
  stateLabels: offerStateLabels,
  nextSteps: [
    { label: 'Order from a vendor', by: 'staff', from: ['accepted'], to: 'purchase-orders/new?from={{key}}' },
  ],
  actions: {
    ...offerActions,
    change_order: {
      by: 'staff',
      from: ['accepted'],
      creates: 'change_order',
      visible: 'staff',
      summary: '{{actor}} made a change order to {{document}}',
      label: 'Make a change order',
    },
  },
});
