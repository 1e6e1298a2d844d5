import type { Knex } from 'knex';
import { act } from '../../act.js';
import { type Actor, systemActor, withActor } from '../../db/scope.js';
import { HttpError } from '../../errors.js';
import { today } from '../../pages/days.js';
import { type LateTask, lateTasks } from '../../projects/tasks/late_task.js';
import { morningOf } from '../schedule.js';

/** What is more comes with the next hour. */
const MOST = 500;

/**
 * Tells of tasks that were due yesterday or earlier, each once for its date, in the morning of their organization. What
 * fails keeps no other from being told. `now` is for demo and tests. @throws AggregateError, tried again in an hour
 */
export async function tellLateTasks(db: Knex, now = new Date()): Promise<void> {
  const errors: unknown[] = [];
  const organizations: { id: string; time_zone: string }[] = await db('organizations').select('id', 'time_zone');
  for (const { id, time_zone } of organizations) {
    const actor = { ...systemActor(id, null, now), time_zone };
    const day = today(actor);
    if (morningOf(day, actor) > now) continue;
    const late = await withActor(db, actor, (db) => lateTasks(db, id, day, MOST));
    for (const one of late) await tell(db, actor, one, errors);
  }
  if (errors.length) throw new AggregateError(errors, `${errors.length} late tasks could not be told of.`);
}

async function tell(db: Knex, actor: Actor, { id, people }: LateTask, errors: unknown[]): Promise<void> {
  await act(db, actor, id, 'tell_late', { people }).catch((error: unknown) => {
    // Somebody finished it meanwhile.
    if (!(error instanceof HttpError)) errors.push(error);
  });
}
