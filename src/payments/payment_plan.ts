import type { ReservedCredit } from './ledger/credits.js';

/** What of a document is to be paid, in minor units; `takes_credit`: also from credit. */
interface ChosenPart {
  id: string;
  amount: number;
  takes_credit: boolean;
}

/** How a document is paid: with money, and from credit. */
export interface PlannedPart {
  id: string;
  money: number;
  credits: ReservedCredit[];
}

/**
 * Divides credit among documents, both in the order given: the oldest credit pays what is most urgent. What it doesn't
 * cover is paid with money. Amounts in minor units.
 */
export function planPayment(parts: readonly ChosenPart[], credits: readonly ReservedCredit[]): PlannedPart[] {
  const left = credits.map((credit) => ({ ...credit }));
  return parts.map(({ id, amount, takes_credit }) => {
    const used: ReservedCredit[] = [];
    let rest = amount;
    for (const credit of takes_credit ? left : []) {
      const part = Math.min(rest, credit.amount);
      if (part <= 0) continue;
      credit.amount -= part;
      rest -= part;
      used.push({ source: credit.source, amount: part });
    }
    return { id, money: rest, credits: used };
  });
}
