import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, setActor, systemActor, withActor } from '../../db/scope.js';
import { nextNumber } from '../../documents/content/version.js';
import { NotFound } from '../../errors.js';
import { parseBy } from '../../input/fields.js';
import { requireMay } from '../../subjects/may.js';
import { addParticipants } from '../../subjects/participants.js';
import { taskInput } from '../../subjects/project/task_input.js';
import { tellDoers } from './hand_over.js';
import { placeIn } from './place_task.js';
import { findTask } from './task.js';
import { saveDependencies, validTask } from './task_fields.js';

/** Adds a task at the end of a project. `input`: by `taskInput`. Returns its id. @throws Invalid by field, NotFound, NotAllowed */
export function addTask(db: Knex, actor: Actor, project_id: string, input: object): Promise<string> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    // Locked, so that two who add to it at once don't get the same place.
    const project: { partner_id: string; manager_id: string | null } | undefined = await db('projects')
      .where({ organization_id, id: project_id })
      .forNoKeyUpdate()
      .first('partner_id', 'manager_id');
    if (!project || !organization_id) throw new NotFound();
    const given = parseBy(taskInput, input);
    const place = { organization_id, project_id, partner_id: project.partner_id, task_id: null };
    const columns = await validTask(db, given, place);
    await setActor(db, systemActor(organization_id, actor.person_id, actor.now));
    const id = newId();
    const number = await nextNumber(db, organization_id, 'TASK');
    const position = await placeIn(db, { organization_id, project_id }, columns.parent_id);
    const planned = { planned_starts_on: columns.starts_on, planned_due_on: columns.due_on };
    await db('tasks').insert({ ...{ organization_id, id, project_id, number, position }, ...columns, ...planned });
    if (given.after?.length) await saveDependencies(db, place, id, given.after);
    const people = [actor.person_id, project.manager_id].filter((person) => person !== null);
    await addParticipants(db, { organization_id, id }, people);
    const details = { title: columns.title };
    await record(db, actor, { action: 'begin_task', subject_id: id, details, visible_to: 'staff' });
    const row = await findTask(db, organization_id, id);
    if (row) await tellDoers(db, actor, row);
    return id;
  });
}
