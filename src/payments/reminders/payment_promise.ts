import type { Knex } from 'knex';
import type { Actor } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import { addDays, today } from '../../pages/days.js';

/** How many days ahead a payment can be promised. */
const DAYS_AHEAD = 60;

/**
 * Notes by when the partner promised to pay, in place of an earlier promise. It binds no money: it is there for staff,
 * and keeps reminders until that day has ended. @throws Invalid if it has passed, or is too far away
 */
export async function promisePayment(db: Knex.Transaction, actor: Actor, id: string, promised_on: string) {
  const { organization_id, person_id } = actor;
  const day = today(actor);
  if (promised_on < day) throw new Invalid({ promised_on: 'This day has passed.' });
  if (promised_on > addDays(day, DAYS_AHEAD))
    throw new Invalid({ promised_on: 'Choose a day within {{days}} days.' }, { days: DAYS_AHEAD });
  await db('documents').where({ organization_id, id }).update({ promised_on, promised_by: person_id });
  return {};
}

/** Days at hand for a promise: the next working day, and two Fridays. */
export function nearDays(day: string): string[] {
  const weekday = (ahead: number) => new Date(addDays(day, ahead)).getUTCDay();
  const next = [1, 2, 3].find((ahead) => weekday(ahead) % 6 !== 0) ?? 1;
  const friday = [1, 2, 3, 4, 5, 6, 7].find((ahead) => weekday(ahead) === 5) ?? 7;
  return [...new Set([next, friday, friday + 7])].map((ahead) => addDays(day, ahead));
}
