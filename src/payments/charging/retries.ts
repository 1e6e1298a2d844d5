import { addDays } from '../../pages/days.js';

/**
 * So many days after a decline it is tried again. Most declines are for want of money or a limit, which the next days,
 * another week or the next pay day mend; what fails after two weeks needs a person.
 */
const CARD_RETRIES = [3, 5, 7] as const;
/** The rules of ACH allow a debit that came back to be presented twice more. */
const DEBIT_RETRIES = CARD_RETRIES.slice(0, 2);

/** The day of the next try after the `attempt`-th failed on a day; null: there is none. */
export function nextTry(method: string, attempt: number, day: string): string | null {
  const days = (method === 'card' ? CARD_RETRIES : DEBIT_RETRIES)[attempt - 1];
  return days === undefined ? null : addDays(day, days);
}
