import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { resealBankNumbers } from '../people/banking/reseal_numbers.js';

/** Seals bank details anew if BANK_DETAILS_KEY has changed; says so where there is none. */
export async function adoptBankKeys(db: Knex, keys: readonly string[], log: Logger): Promise<void> {
  if (!keys.length) return log.warn('BANK_DETAILS_KEY is not set: partners’ bank details can’t be stored or shown');
  const lost = await resealBankNumbers(db, keys);
  if (lost > 0)
    log.warn(
      { accounts: lost },
      'bank details can’t be opened with this BANK_DETAILS_KEY: set the one before as BANK_DETAILS_KEY_OLD',
    );
}
