import { z } from 'zod';
import { fingerprintOf, seal, unsealWithAny } from '../../db/secrets.js';
import type { BankNumbers } from './bank_number.js';

/** The account that sealed numbers belong to. */
interface Place {
  organization_id: string;
  account_id: string;
}

const placeOf = ({ organization_id, account_id }: Place) => `bank account ${organization_id} ${account_id}`;

const Numbers = z.record(z.string(), z.string());

/** The numbers of an account for the database, under the first of the keys. */
export function sealNumbers(keys: readonly string[], place: Place, numbers: BankNumbers) {
  const [key = ''] = keys;
  return {
    sealed: seal(key, placeOf(place), Buffer.from(JSON.stringify(numbers))),
    key_fingerprint: fingerprintOf(key),
  };
}

/** The reverse of `sealNumbers`; null if none of the keys opens it, or if it belongs to another account. */
export function openNumbers(keys: readonly string[], place: Place, sealed: Buffer): BankNumbers | null {
  const bytes = unsealWithAny(keys, placeOf(place), sealed);
  return bytes && Numbers.parse(JSON.parse(bytes.toString()));
}
