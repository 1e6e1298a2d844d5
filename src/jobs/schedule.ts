import { DateTime, IANAZone } from 'luxon';
import type { Actor } from '../db/scope.js';
import type { SubjectAction } from '../document_types/index.js';
import { addDays, today } from '../pages/days.js';
import { lifecycleOf } from '../subjects/lifecycles.js';
import { isOffered, type SubjectFacts } from '../subjects/may.js';

/** Reminders go out from this hour on, in the organization's time zone. */
const MORNING_HOUR = 9;
/** What no change of the document announces, such as a payment that failed, is noticed within so many days. */
const DAYS_AHEAD = 7;

const scheduledActions = (type: string) =>
  Object.entries(lifecycleOf(type).actions).filter(([, { schedule }]) => schedule !== undefined);

/** Whether the clock ever acts on a document of this type in this state. */
export const isScheduled = ({ type, state }: { type: string; state: string }): boolean =>
  scheduledActions(type).some(([, { from }]) => from?.includes(state) ?? true);

/** The scheduled action that is due now, by its name. */
export const dueNow = (document: SubjectFacts, actor: Actor, now: Date): string | undefined =>
  dueOn(document, actor, today(actor)).find(([, action]) => opensAt(action, today(actor), actor) <= now)?.[0];

/** When a scheduled action may be due next, if the document doesn't change until then. */
export function nextCheck(document: SubjectFacts, actor: Actor, now: Date): Date {
  const day = today(actor);
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead++) {
    const later = addDays(day, ahead);
    const times = dueOn({ ...document, paying: false }, actor, later)
      .map(([, action]) => opensAt(action, later, actor))
      .filter((time) => time > now);
    if (times.length > 0) return times.reduce((first, time) => (time < first ? time : first));
  }
  return startOf(addDays(day, DAYS_AHEAD), actor);
}

/** When the next day begins. */
export const tomorrow = (actor: Actor): Date => startOf(addDays(today(actor), 1), actor);

const dueOn = (subject: SubjectFacts, actor: Actor, day: string) =>
  scheduledActions(subject.type).filter(([name, action]) => isOffered(actor, { name, action, subject, today: day }));

/** When emails of this day may go out. */
export const morningOf = (day: string, actor: Pick<Actor, 'time_zone'>): Date => startOf(day, actor, MORNING_HOUR);

const opensAt = ({ schedule }: Pick<SubjectAction, 'schedule'>, day: string, actor: Actor) =>
  startOf(day, actor, schedule === 'morning' ? MORNING_HOUR : 0);

function startOf(day: string, { time_zone }: Pick<Actor, 'time_zone'>, hour = 0): Date {
  const zone = IANAZone.isValidZone(time_zone) ? time_zone : 'UTC';
  return DateTime.fromISO(day, { zone }).set({ hour }).toJSDate();
}
