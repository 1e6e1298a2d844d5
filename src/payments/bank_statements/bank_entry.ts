import { createHash } from 'node:crypto';

/** Money that came into an account of the organization, as its bank says it. */
export interface BankEntry {
  /** ISO 8601. */
  booked_on: string;
  /** In minor units, above zero. */
  amount: number;
  currency: string;
  /** What the payer wrote. */
  reference: string;
  payer: string;
  /** What else the bank tells entries apart by: its own reference, the account. */
  bank_reference: string;
}

/** An entry with the hash that it is known by. */
export type KeyedEntry = BankEntry & { key: string };

/**
 * The same entry has the same key in every file that has it. Entries that are alike in one file are several payments:
 * each is counted.
 */
export function withKeys(entries: readonly BankEntry[]): KeyedEntry[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const { booked_on, amount, currency, reference, payer, bank_reference } = entry;
    const text = JSON.stringify([booked_on, amount, currency, reference, payer, bank_reference]);
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return { ...entry, key: createHash('sha256').update(`${count}${text}`).digest('hex') };
  });
}
