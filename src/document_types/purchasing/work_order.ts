import {
  ORDERED_STATES,
  orderedActions,
  orderedBillable,
  orderedFeatures,
  orderedStateLabels,
  orderedTabs,
} from '../shared/ordered.js';
import { defineType } from '../shared/define_type.js';

export const workOrder = defineType({
  name: 'work_order',
  label: 'Work order',
  plural: 'Work orders',
  path: 'work-orders',
  prefix: 'WO',
  partner: 'vendor',
  startedBy: 'staff',
  group: 'purchasing',
  module: 'purchase_orders',
  billedBy: 'bill',
  billable: orderedBillable,
  due: 'Finish by',
  features: orderedFeatures,
  tabs: orderedTabs,
  states: ORDERED_STATES,
  stateLabels: orderedStateLabels,
  actions: orderedActions,
});
