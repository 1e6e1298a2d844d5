import type { Knex } from 'knex';
import { z } from 'zod';
import { addTask } from '../../../projects/tasks/add_task.js';
import { resolveReferences, taskNamed } from '../references.js';
import { actorAt, entry, type Stage } from '../stage.js';
import type { Event } from '../story.js';

/** `in`: the title of its phase, of a step that of its task; `after`: titles, with '; ' between them. */
const Planned = z.looseObject({
  kind: z.enum(['phase', 'task', 'step']).default('task'),
  in: z.string().optional(),
  after: z.string().optional(),
  hours: z.number().optional(),
  vendor: z.string().optional(),
});

/** Adds tasks to a project in their order; `with`: what is said of each, by its title. */
export async function addStoryTasks(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const actor = actorAt(stage, event.who, now);
  const tasks = await resolveReferences(db, stage, event.with);
  for (const [title, said] of Object.entries(tasks)) {
    const { in: within, after, hours, vendor, ...fields } = Planned.parse(said);
    const before = (after?.split('; ') ?? []).map((one) => taskNamed(db, stage, one, ['task', 'step']));
    const input = {
      ...{ ...fields, title, after: await Promise.all(before) },
      ...(within ? { parent: await taskNamed(db, stage, within, fields.kind === 'step' ? ['task'] : ['phase']) } : {}),
      ...(hours === undefined ? {} : { estimate_minutes: hours * 60 }),
      ...(vendor ? { vendor: entry(stage.partners, vendor) } : {}),
    };
    await addTask(db, actor, entry(stage.projects, event.on), input);
  }
}
