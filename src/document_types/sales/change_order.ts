import {
  OFFER_STATES,
  offerActions,
  offerFeatures,
  offerLimits,
  offerStateLabels,
  offerTabs,
} from '../shared/offer.js';
import { defineType } from '../shared/define_type.js';

/** A priced change to an accepted estimate. */
export const changeOrder = defineType({
  name: 'change_order',
  label: 'Change order',
  plural: 'Change orders',
  path: 'change-orders',
  prefix: 'CO',
  partner: 'customer',
  startedBy: 'staff',
  group: 'quotes',
  module: 'quotes',
  limits: offerLimits,
  due: 'Answer by',
  features: offerFeatures,
  tabs: offerTabs,
  states: OFFER_STATES,
  stateLabels: offerStateLabels,
  actions: offerActions,
});
