import type { ChargeCause } from '../../document_types/shared/charge_actions.js';

/** An invoice that is to be charged. Amounts in minor units. */
export interface ChargeFacts {
  charge_on: string;
  max_amount: number;
  /** It can be paid: neither a draft nor closed. */
  payable: boolean;
  open: number;
  /** A payment is on its way. */
  paying: boolean;
  promised_on: string | null;
  disputed_on: string | null;
  /** It can be paid online. */
  online: boolean;
  /** What its customer agreed to has ended. */
  ended: boolean;
}

/** What the clock does with it today. */
type ChargeStep = { name: 'charge' | 'settle' | 'wait' } | { name: 'stop'; cause: ChargeCause };

/** By facts alone. What is above the limit is said at once, all else on its day. */
export function chargeStep(facts: ChargeFacts, today: string): ChargeStep {
  const { charge_on, max_amount, payable, open, paying, promised_on, disputed_on, online, ended } = facts;
  if (!payable || open <= 0) return { name: 'settle' };
  if (ended) return { name: 'stop', cause: 'mandate' };
  if (open > max_amount) return { name: 'stop', cause: 'limit' };
  if (today < charge_on || paying) return { name: 'wait' };
  if (disputed_on) return { name: 'stop', cause: 'dispute' };
  if (promised_on && promised_on >= today) return { name: 'stop', cause: 'promise' };
  if (!online) return { name: 'stop', cause: 'method' };
  return { name: 'charge' };
}
