import type { Config } from '../../config.js';

/**
 * The keys that bank details are sealed under: the current one, then the one before. Outside production they are
 * derived from the installation's secrets. None: bank details can't be stored here.
 */
export const bankKeys = (
  { production, bank_details_keys }: Pick<Config, 'production' | 'bank_details_keys'>,
  secrets: readonly string[],
): readonly string[] =>
  bank_details_keys.length > 0 || production ? bank_details_keys : secrets.map((secret) => `bank details ${secret}`);
