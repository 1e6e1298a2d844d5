import {
  ORDERED_STATES,
  orderedActions,
  orderedBillable,
  orderedFeatures,
  orderedStateLabels,
  orderedTabs,
} from '../shared/ordered.js';
import { defineType } from '../shared/define_type.js';

export const purchaseOrder = defineType({
  name: 'purchase_order',
  label: 'Purchase order',
  plural: 'Purchase orders',
  path: 'purchase-orders',
  prefix: 'PO',
  partner: 'vendor',
  startedBy: 'staff',
  group: 'purchasing',
  module: 'purchase_orders',
  billedBy: 'bill',
  billable: orderedBillable,
  due: 'Deliver by',
  features: orderedFeatures,
  tabs: orderedTabs,
  states: ORDERED_STATES,
  stateLabels: orderedStateLabels,
  actions: orderedActions,
});
