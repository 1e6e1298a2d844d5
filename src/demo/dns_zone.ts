import type { Zone } from '../inbound/reading/message.js';

/** This machine, from which the sample people send. */
const here = { ips: ['127.0.0.1', '::1'] };

/**
 * DNS for the sample people's domains, in place of the real one: their mail passes SPF and DMARC when it is sent from
 * this machine, and fails otherwise.
 */
export const demoZone: Zone = {
  'harbor.example': here,
  'maple.example': here,
  'aurora.example': here,
  'northern.example': here,
  'brightline.example': here,
  'volt.example': here,
  'quayside.example': here,
  'alder.example': here,
  'fernhill.example': here,
  'tradefair.example': here,
  'clearing-house.example': here,
};
