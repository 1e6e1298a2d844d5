import type { Knex } from 'knex';
import type { z } from 'zod';
import { Invalid } from '../../errors.js';
import type { taskInput } from '../../subjects/project/task_input.js';
import type { TaskRow } from './task.js';
import { partnerForNew } from '../../people/partner.js';

export type TaskInput = z.output<typeof taskInput>;

/** The columns of a task that its form sets. */
export type TaskColumns = Pick<
  TaskRow,
  | ('title' | 'note' | 'kind' | 'parent_id' | 'assignee_id' | 'vendor_id' | 'trade' | 'shown' | 'starts_on' | 'due_on')
  | ('milestone' | 'estimate_minutes' | 'document_id')
>;

interface Place {
  organization_id: string;
  project_id: string;
  /** Of the project's customer. */
  partner_id: string;
  /** The task's own id; null: it is new. */
  task_id: string | null;
}

/** A task's columns from its form, checked against what they name. @throws Invalid by field */
export async function validTask(db: Knex.Transaction, input: TaskInput, place: Place): Promise<TaskColumns> {
  const { starts_on = null, due_on = null } = input;
  if (starts_on && due_on && due_on < starts_on) throw new Invalid({ due_on: 'This is before it starts.' });
  const kind = input.kind ?? 'task';
  const parent_id = kind === 'phase' ? null : (input.parent ?? null);
  await requireParent(db, kind, parent_id, place);
  const doer = await findDoer(db, input, place);
  await requireDocument(db, input.document ?? null, place);
  return {
    ...{ title: input.title, note: input.note ?? '', kind, parent_id, ...doer, trade: input.trade ?? '' },
    ...{ shown: input.shown ?? true, starts_on, due_on, milestone: input.milestone ?? false },
    ...{ estimate_minutes: input.estimate_minutes ?? null, document_id: input.document ?? null },
  };
}

/** A phase stands alone, a task may be in a phase, a step is of a task. */
async function requireParent(db: Knex.Transaction, kind: string, parent_id: string | null, place: Place) {
  if (!parent_id) {
    if (kind === 'step') throw new Invalid({ parent: 'Choose the task that this is a step of.' });
    return;
  }
  const { organization_id, project_id, task_id } = place;
  const wanted = kind === 'step' ? 'task' : 'phase';
  const parent = await db('tasks').where({ organization_id, project_id, id: parent_id }).first('kind');
  if (parent?.kind !== wanted || parent_id === task_id)
    throw new Invalid({
      parent: kind === 'step' ? 'Choose a task of this project.' : 'Choose a phase of this project.',
    });
}

/** Who does it: somebody of the staff, of the customer or of the vendor that it is given to. */
async function findDoer(
  db: Knex.Transaction,
  { assignee = null, vendor = null }: TaskInput,
  { organization_id, partner_id, task_id }: Place,
): Promise<Pick<TaskRow, 'assignee_id' | 'vendor_id'>> {
  if (vendor && !(await isVendor(db, vendor, { organization_id, task_id })))
    throw new Invalid({ vendor: 'Choose a vendor.' });
  if (!assignee) return { assignee_id: null, vendor_id: vendor };
  const person: { partner_id: string | null; is_vendor: boolean | null } | undefined = await db('people as p')
    .leftJoin('partners as n', (on) => on.on('n.organization_id', 'p.organization_id').on('n.id', 'p.partner_id'))
    .where({ 'p.organization_id': organization_id, 'p.id': assignee, 'p.removed_at': null, 'p.pending': false })
    .where({ 'p.guest': false })
    .first('p.partner_id', 'n.is_vendor');
  if (!person) throw new Invalid({ assignee: 'Choose a person.' });
  const of = person.partner_id;
  if (of === null || of === partner_id) {
    if (vendor && vendor !== of) throw new Invalid({ assignee: 'Choose somebody of this vendor, or nobody.' });
    return { assignee_id: assignee, vendor_id: vendor };
  }
  if (!person.is_vendor || (vendor && vendor !== of)) throw new Invalid({ assignee: 'Choose a person.' });
  return { assignee_id: assignee, vendor_id: of };
}

/** Whether it is a vendor. @throws Invalid if it is archived, unless the task is theirs already */
async function isVendor(db: Knex.Transaction, id: string, place: Pick<Place, 'organization_id' | 'task_id'>) {
  const { organization_id, task_id } = place;
  if (task_id && (await db('tasks').where({ organization_id, id: task_id, vendor_id: id }).first('id'))) return true;
  return (await partnerForNew(db, { organization_id, id }, 'vendor', 'vendor')) !== null;
}

async function requireDocument(db: Knex.Transaction, id: string | null, { organization_id, project_id }: Place) {
  if (id && !(await db('documents').where({ organization_id, id, project_id }).first('id')))
    throw new Invalid({ document: 'Choose a document of this project.' });
}

/**
 * Refuses a task that would wait for itself, directly or through others; with the project locked, so that two who each
 * add half of a circle can't both. @throws Invalid
 */
export async function saveDependencies(
  db: Knex.Transaction,
  { organization_id, project_id }: Pick<Place, 'organization_id' | 'project_id'>,
  task_id: string,
  after: readonly string[],
): Promise<void> {
  await db('projects').where({ organization_id, id: project_id }).forNoKeyUpdate().first('id');
  const known = await db('tasks')
    .where({ organization_id, project_id })
    .whereNot({ kind: 'phase' })
    .whereIn('id', after);
  if (known.length !== new Set(after).size) throw new Invalid({ after: 'Choose tasks of this project.' });
  await db('task_dependencies').where({ organization_id, task_id }).delete();
  const rows = [...new Set(after)].map((after_id) => ({ organization_id, task_id, after_id }));
  if (!rows.length) return;
  if (after.includes(task_id)) throw new Invalid({ after: 'A task can’t wait for itself.' });
  await db('task_dependencies').insert(rows);
  const { rows: circle } = await db.raw<{ rows: { title: string }[] }>(CIRCLE, { organization_id, task_id });
  const [first] = circle;
  if (first)
    throw new Invalid({ after: '“{{title}}” waits for this one already: they would wait for each other.' }, first);
}

/** The first of the tasks that it would wait for and that waits for it. */
const CIRCLE = `with recursive before as (
    select d.after_id as id, d.after_id as first from task_dependencies d
      where d.organization_id = :organization_id and d.task_id = :task_id
    union
    select d.after_id, b.first from before b join task_dependencies d
      on d.organization_id = :organization_id and d.task_id = b.id)
  select t.title from before b join tasks t on t.organization_id = :organization_id and t.id = b.first
  where b.id = :task_id limit 1`;
