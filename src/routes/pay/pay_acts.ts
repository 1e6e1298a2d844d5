import type { Knex } from 'knex';
import { act } from '../../act.js';
import type { Actor } from '../../db/scope.js';
import type { PlannedPart } from '../../payments/payment_plan.js';

/** What is done: with which method, on what was seen of each document. */
interface Paying {
  parts: readonly PlannedPart[];
  method: string;
  currency: string;
  seen: (id: string) => string;
}

/**
 * Pays each document through the one door, in the caller's transaction. Those with money are parts of one payment; what
 * credit alone pays is settled at once if no money is needed at all. Returns the payment's id, or '' if it needs none.
 */
export async function payAll(db: Knex, actor: Actor, { parts, method, currency, seen }: Paying): Promise<string> {
  const [lead] = parts.filter(({ money }) => money > 0);
  if (!lead) {
    for (const { id, credits } of parts) {
      const amount = credits.reduce((sum, credit) => sum + credit.amount, 0);
      await act(db, actor, id, 'use_credit', { amount, currency, credits }, { seen: seen(id) });
    }
    return '';
  }
  let payment: string | undefined;
  for (const { id, money: amount, credits } of [lead, ...parts.filter((part) => part !== lead)]) {
    const joined = payment ? { payment } : {};
    const input = { amount, currency, method, credits, ...joined };
    const done = await act(db, actor, id, 'pay', input, { seen: seen(id) });
    payment ??= done.payment_id ?? undefined;
  }
  return payment ?? '';
}
