import type { Knex } from 'knex';
import { act } from '../../act.js';
import { systemActor, withActor } from '../../db/scope.js';
import { HttpError } from '../../errors.js';
import { type LateTask, lateTasks } from '../../projects/tasks/late_task.js';

const BATCH = 100;

/**
 * Tells of tasks that were due yesterday or earlier, each once for its date, in the morning of their organization. What
 * fails keeps no other from being told. `now` is for demo and tests. @throws AggregateError, tried again in an hour
 */
export async function tellLateTasks(db: Knex, now = new Date()): Promise<void> {
  const errors: unknown[] = [];
  for (let more = true; more;) {
    const late = await withActor(db, systemActor(null), (db) => lateTasks(db, now, BATCH));
    let told = 0;
    for (const one of late) if (await tell(db, one, now, errors)) told += 1;
    // What could not be told comes again with the next hour.
    more = late.length === BATCH && told > 0;
  }
  if (errors.length) throw new AggregateError(errors, `${errors.length} late tasks could not be told of.`);
}

async function tell(db: Knex, { organization_id, id, time_zone, people }: LateTask, now: Date, errors: unknown[]) {
  try {
    await act(db, { ...systemActor(organization_id, null, now), time_zone }, id, 'tell_late', { people });
    return true;
  } catch (error) {
    // Somebody finished it meanwhile.
    if (!(error instanceof HttpError)) errors.push(error);
    return false;
  }
}
