import { z } from 'zod';
import { id } from '../../input/fields.js';
import type { Action } from './lifecycle.js';

/** Why an invoice is not charged after all. */
export const CHARGE_CAUSES = ['limit', 'dispute', 'promise', 'method', 'mandate'] as const;
export type ChargeCause = (typeof CHARGE_CAUSES)[number];

const owed = ['sent', 'partly_paid'] as const;

/** An invoice whose customer agreed that it is charged automatically. */
export const chargeActions = {
  charge: {
    by: 'system',
    from: owed,
    when: ({ open, online, paying, disputed_on }) => open > 0 && online && !paying && !disputed_on,
    effect: 'start payment',
    asks: z.object({ stored: id }),
    visible: 'staff',
    summary: '{{amount}} of {{document}} is being charged automatically',
  },
  stop_charge: {
    by: 'system',
    from: owed,
    effect: 'stop charge',
    asks: z.object({ cause: z.enum(CHARGE_CAUSES) }),
    notifies: 'both',
    summary: '{{document}} won’t be charged automatically',
  },
} satisfies Record<string, Action<'sent' | 'partly_paid'>>;
