import type { Zone } from '../inbound/reading/message.js';

/** The sample people send from this machine. */
const LOCAL = { ips: ['127.0.0.1', '::1'] };

/** Replaces DNS for the sample people's domains, so that their mail passes SPF and DMARC if sent from this machine. */
export const demoZone: Zone = {
  'harbor.example': LOCAL,
  'maple.example': LOCAL,
  'aurora.example': LOCAL,
  'northern.example': LOCAL,
  'brightline.example': LOCAL,
  'volt.example': LOCAL,
  'quayside.example': LOCAL,
  'alder.example': LOCAL,
  'lumiere.example': LOCAL,
  'maderas.example': LOCAL,
  'fernhill.example': LOCAL,
  'tradefair.example': LOCAL,
  'clearing-house.example': LOCAL,
};
