import type { Knex } from 'knex';
import type { Act, Outcome } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { Invalid } from '../../errors.js';
import { newActivity, timeTerms } from '../../subjects/project/time_actions.js';

/** Sets what the customer sees of a project's time, whether they approve it, and its rate. */
export async function setTime(db: Knex.Transaction, { subject, input }: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: project_id } = subject;
  const { time_shown, asks_approval = false, bill_rate = null } = timeTerms.parse(input);
  const without = `array_remove(shown, 'time')`;
  // What was chosen before counts again once the tab is shown.
  const shown =
    time_shown === 'none'
      ? { shown: db.raw(without) }
      : { shown: db.raw(`array_append(${without}, 'time')`), time_shown };
  await db('projects').where({ organization_id, id: project_id }).update(shown);
  await db('project_time')
    .insert({ organization_id, project_id, asks_approval, bill_rate })
    .onConflict(['organization_id', 'project_id'])
    .merge(['asks_approval', 'bill_rate']);
  return { details: { time_shown: undefined, bill_rate: undefined } };
}

/** Adds an activity that is no task to a project. @throws Invalid if it has one of this name */
export async function addActivity(db: Knex.Transaction, { subject, input }: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: project_id } = subject;
  const { name, planned = null } = newActivity.parse(input);
  if (await db('project_activities').where({ organization_id, project_id, name }).first('id'))
    throw new Invalid({ name: 'There is an activity of this name already.' });
  await db('project_activities').insert({ organization_id, id: newId(), project_id, name, planned_minutes: planned });
  return { details: { name } };
}
