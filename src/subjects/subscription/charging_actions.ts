import { z } from 'zod';
import type { Action } from '../../document_types/index.js';
import { amountCurrency, chosen, field, money } from '../../input/fields.js';
import { whole } from './plan_input.js';

/** The fewest and most days of notice before a charge. A customer may agree to less than a bank debit’s usual 14. */
const [FEWEST_DAYS, MOST_DAYS] = [1, 30] as const;

/** What a customer agrees to: which of its stored methods is charged, and up to how much of each invoice. */
export const agreement = z.object({
  method: chosen('Choose a payment method.'),
  limit: field(money, 'money'),
  currency: amountCurrency,
  notice_days: whole(FEWEST_DAYS, MOST_DAYS),
});

const running = ['trial', 'active', 'paused'] as const;

type ChargingAction = Action<(typeof running)[number], 'agree charging' | 'end charging'>;

/** Charging invoices automatically: the customer agrees, either side ends it. */
export const chargingActions = {
  agree_charging: {
    by: 'partner',
    permission: 'paying',
    needs: 'verified',
    from: running,
    effect: 'agree charging',
    asks: agreement,
    notifies: 'both',
    receipt: true,
    summary: '{{actor}} turned on automatic payment of {{document}}',
    summaryToNamed: 'You turned on automatic payment of {{document}}',
  },
  end_charging: {
    by: 'either',
    permission: { staff: 'invoicing', partner: 'paying' },
    when: ({ automatic }) => automatic === true,
    effect: 'end charging',
    notifies: 'both',
    receipt: true,
    summary: '{{actor}} turned off automatic payment of {{document}}',
    summaryToNamed: 'You turned off automatic payment of {{document}}',
  },
  lose_charging: {
    by: 'system',
    when: ({ automatic }) => automatic === true,
    effect: 'end charging',
    asks: z.object({ cause: z.enum(['removed', 'expired']) }),
    notifies: 'both',
    summary: 'Automatic payment of {{document}} has ended',
  },
} satisfies Record<string, ChargingAction>;
