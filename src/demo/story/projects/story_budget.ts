import type { Knex } from 'knex';
import { z } from 'zod';
import { act } from '../../../act.js';
import { systemActor, withActor } from '../../../db/scope.js';
import { documentNamed, lineAt, linesOf, taskNamed } from '../references.js';
import { actorAt, entry, type Stage } from '../stage.js';
import type { Event } from '../story.js';

/** `vendor` by its key, `task` by its title; decimals as text. */
const Item = z.looseObject({ vendor: z.string().optional(), task: z.string().optional() });
const Budget = z.record(z.string(), z.record(z.string(), Item));

/** Adds items to a project's budget; `with`: by their groups, which are added if they are new, and their names. */
export async function addStoryBudget(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const actor = actorAt(stage, event.who, now);
  const project = entry(stage.projects, event.on);
  for (const [group_name, items] of Object.entries(Budget.parse(event.with))) {
    if (!(await idNamed(db, stage, 'budget_groups', project, group_name)))
      await act(db, actor, project, 'add_budget_group', { name: group_name });
    const group = await idNamed(db, stage, 'budget_groups', project, group_name);
    for (const [name, { vendor, task, ...fields }] of Object.entries(items)) {
      const input = {
        ...{ ...fields, group, name },
        ...(vendor ? { vendor: entry(stage.partners, vendor) } : {}),
        ...(task ? { task: await taskNamed(db, stage, task, ['task']) } : {}),
      };
      await act(db, actor, project, 'add_item', input);
    }
  }
}

const Lines = z.record(z.string(), z.string());

/** Places lines of documents in items of the budget; `with`: by the item's name, "lamps/1 lamps/2". */
export async function placeStoryLines(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const actor = actorAt(stage, event.who, now);
  const project = entry(stage.projects, event.on);
  for (const [name, lines] of Object.entries(Lines.parse(event.with))) {
    const to = await idNamed(db, stage, 'budget_items', project, name);
    if (!to) throw new Error(`The story's budget has no "${name}".`);
    for (const one of lines.split(' ')) {
      const [key = '', number] = one.split('/');
      const document = await documentNamed(db, stage, key);
      const line = lineAt(await linesOf(db, stage, key), Number(number)).id;
      await act(db, actor, project, 'place_line', { document, line, to });
    }
  }
}

const idNamed = (
  db: Knex,
  { organization_id }: Stage,
  table: 'budget_groups' | 'budget_items',
  project_id: string,
  name: string,
): Promise<string | undefined> =>
  withActor(db, systemActor(organization_id), async (db) => {
    const where = { organization_id, project_id, name, removed_at: null };
    return (await db(table).where(where).first<{ id: string } | undefined>('id'))?.id;
  });
