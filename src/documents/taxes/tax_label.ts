import Big from 'big.js';
import type { Format } from '../../pages/format.js';
import type { NamedRate } from '../content/totals.js';

/** A tax as documents name it: "VAT 20 %"; its name alone if that says the percentage, or there is none. */
export function taxLabel({ name, rate }: NamedRate, { percent }: Pick<Format, 'percent'>): string {
  const plain = Big(rate).toString();
  const said = [plain, plain.replace('.', ',')].some((number) => name.includes(number));
  return said || Number(rate) === 0 ? name : `${name} ${percent(rate)}`;
}
