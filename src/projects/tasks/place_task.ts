import type { Knex } from 'knex';
import { Invalid } from '../../errors.js';
import { taskPlace } from '../../subjects/project/task_input.js';
import type { TaskRow } from './task.js';
import type { TaskAct, TaskChange } from './task_acts.js';

type Row = Pick<TaskRow, 'organization_id' | 'id' | 'project_id' | 'kind' | 'parent_id' | 'position'>;
const COLUMNS = ['organization_id', 'id', 'project_id', 'kind', 'parent_id', 'position'];

/**
 * Moves a task in its list, with all that it holds: a step up or down among its like, into the phase or task above, out
 * of its own, or behind the row that it was dragged to. @throws Invalid
 */
export async function placeTask(db: Knex.Transaction, { row, input }: TaskAct): Promise<TaskChange> {
  const { organization_id, project_id, id } = row;
  await db('projects').where({ organization_id, id: project_id }).forNoKeyUpdate().first('id');
  const { to, after } = taskPlace.parse(input);
  // Another one may have moved it meanwhile.
  const found: Row = await db('tasks').where({ organization_id, id }).first(COLUMNS);
  const target = after ? await behind(db, found, after) : await step(db, found, to ?? 'down');
  if (!target) return { details: { to: undefined, after: undefined } };
  const { kind, parent_id } = target;
  await spread(db, found, target.behind);
  return { columns: { kind, parent_id }, details: { to: undefined, after: undefined } };
}

interface Target {
  kind: TaskRow['kind'];
  parent_id: string | null;
  /** The row after which it stands from now on; null: the first. */
  behind: Row | null;
}

const rows = (db: Knex.Transaction, { organization_id, project_id }: Row) =>
  db<Row>('tasks').where({ organization_id, project_id });

/** Another row of the same project, which is there. */
async function rowOf(db: Knex.Transaction, { organization_id }: Row, id: string | null): Promise<Row> {
  return db('tasks').where({ organization_id, id }).first(COLUMNS);
}

/** Those beside it: in the same phase or of the same task, and of phases all. */
const beside = (db: Knex.Transaction, { parent_id, ...row }: Row) =>
  rows(db, { parent_id, ...row })
    .where({ parent_id })
    .modify((those) => {
      if (!parent_id && row.kind === 'phase') void those.where({ kind: 'phase' });
    });

async function step(db: Knex.Transaction, row: Row, to: 'up' | 'down' | 'in' | 'out'): Promise<Target | null> {
  const { kind, parent_id, position } = row;
  const above = await beside(db, row).where('position', '<', position).orderBy('position', 'desc').first(COLUMNS);
  if (to === 'up') return above ? { kind, parent_id, behind: await rowAbove(db, row, above) } : null;
  if (to === 'in') return into(db, row, above);
  if (to === 'out') return outOf(db, row);
  const below = await beside(db, row).where('position', '>', position).orderBy('position').first(COLUMNS);
  return below ? { kind, parent_id, behind: await lastIn(db, below) } : null;
}

const rowAbove = async (db: Knex.Transaction, row: Row, { position }: Row): Promise<Row | null> =>
  (await rows(db, row).where('position', '<', position).orderBy('position', 'desc').first(COLUMNS)) ?? null;

/** A task becomes a step of the task above, or goes into the phase above. */
async function into(db: Knex.Transaction, row: Row, above: Row | undefined): Promise<Target | null> {
  if (row.kind !== 'task' || !above || (await holdsAny(db, row))) return null;
  const kind = above.kind === 'phase' ? 'task' : 'step';
  return { kind, parent_id: above.id, behind: await lastIn(db, above) };
}

/** A step becomes a task behind its own, a task of a phase goes behind it. */
async function outOf(db: Knex.Transaction, row: Row): Promise<Target | null> {
  if (!row.parent_id) return null;
  const parent = await rowOf(db, row, row.parent_id);
  return { kind: 'task', parent_id: parent.parent_id, behind: await lastIn(db, parent) };
}

const holdsAny = async (db: Knex.Transaction, row: Row): Promise<boolean> =>
  Boolean(await rows(db, row).where({ parent_id: row.id }).first('id'));

/** Where it was dropped: behind a row, in what holds that. @throws Invalid if that can't hold it */
async function behind(db: Knex.Transaction, row: Row, after: string): Promise<Target | null> {
  const other: Row | undefined = await rows(db, row).where({ id: after }).first(COLUMNS);
  const within = await descendants(db, row);
  if (!other || within.includes(after)) throw new Invalid({ form: 'It can’t go there.' });
  if (row.kind === 'phase') {
    const parent = await topOf(db, other);
    return { kind: 'phase', parent_id: null, behind: await lastIn(db, parent) };
  }
  if (row.kind === 'task') {
    if (other.kind === 'phase') return { kind: 'task', parent_id: other.id, behind: other };
    const like = other.kind === 'task' ? other : await rowOf(db, other, other.parent_id);
    return { kind: 'task', parent_id: like.parent_id, behind: await lastIn(db, like) };
  }
  if (other.kind === 'phase') throw new Invalid({ form: 'A step goes below a task.' });
  return { kind: 'step', parent_id: other.kind === 'task' ? other.id : other.parent_id, behind: other };
}

/** The phase that a row is in, or else the task that holds it. */
async function topOf(db: Knex.Transaction, row: Row): Promise<Row> {
  if (!row.parent_id) return row;
  return topOf(db, await rowOf(db, row, row.parent_id));
}

/** The ids of a row and all that it holds, in their order. */
async function descendants(db: Knex.Transaction, row: Row): Promise<string[]> {
  const { rows: found } = await db.raw<{ rows: { id: string }[] }>(HELD, {
    organization_id: row.organization_id,
    id: row.id,
  });
  return found.map(({ id }) => id);
}

const HELD = `with recursive held as (
    select t.id, t.position from tasks t where t.organization_id = :organization_id and t.id = :id
    union all
    select c.id, c.position from held h join tasks c on c.organization_id = :organization_id and c.parent_id = h.id)
  select id from held order by position`;

/** The last row of all that one holds; itself, if it holds nothing. */
async function lastIn(db: Knex.Transaction, row: Row): Promise<Row> {
  const ids = await descendants(db, row);
  return (
    (await rows(db, row)
      .where({ id: ids.at(-1) ?? row.id })
      .first(COLUMNS)) ?? row
  );
}

/** SQL: the largest power of ten that is no more than an amount. */
const powerIn = (amount: string) => `trim_scale(power(10::numeric, floor(log(${amount}))))`;

const SPREAD = `update tasks t
  set position = :low::numeric + n.place * ${powerIn('(:high::numeric - :low::numeric) / (:count::int + 1)')}
  from unnest(:ids::uuid[]) with ordinality n (id, place)
  where t.organization_id = :organization_id and t.id = n.id returning scale(t.position) as decimals`;

/** Places with more decimals are too long for the addresses of pages. */
const MOST_DECIMALS = 30;

const RENUMBER = `update tasks t set position = n.place
  from (select id, row_number() over (order by position) as place from tasks
    where organization_id = :organization_id and project_id = :project_id) n
  where t.organization_id = :organization_id and t.id = n.id`;

/** Puts a row and what it holds between the one before its new place and the next. Decimals are exact: there is always room. */
async function spread(db: Knex.Transaction, row: Row, before: Row | null): Promise<void> {
  const ids = await descendants(db, row);
  if (before && ids.includes(before.id)) return;
  const low = before?.position ?? '0';
  const next = await rows(db, row)
    .where('position', '>', low)
    .whereNotIn('id', ids)
    .orderBy('position')
    .first('position');
  const high = next?.position ?? String(Number.parseFloat(low) + ids.length + 1);
  const { organization_id, project_id } = row;
  const { rows: placed } = await db.raw<{ rows: { decimals: number }[] }>(SPREAD, {
    ...{ organization_id, ids, low, high, count: ids.length },
  });
  if (placed.some(({ decimals }) => decimals > MOST_DECIMALS)) await db.raw(RENUMBER, { organization_id, project_id });
}

/** Moves a task with its steps to the end of another phase or task, or of the project. */
export async function moveInto(db: Knex.Transaction, row: Row, parent_id: string | null): Promise<void> {
  const { organization_id, project_id } = row;
  const ours = db('tasks').where({ organization_id, project_id });
  const last: Row = parent_id
    ? await lastIn(db, await rowOf(db, row, parent_id))
    : await ours.orderBy('position', 'desc').first(COLUMNS);
  await spread(db, row, last);
}

/** The place of a new task in a phase, of a task or of the project: behind all that is there. */
export async function placeIn(
  db: Knex.Transaction,
  row: Pick<Row, 'organization_id' | 'project_id'>,
  parent_id: string | null,
): Promise<string> {
  const { organization_id, project_id } = row;
  if (!parent_id) return positionBy(db, LAST, { organization_id, project_id });
  const parent: Row = await db('tasks').where({ organization_id, id: parent_id }).first(COLUMNS);
  const { position } = await lastIn(db, parent);
  return positionBy(db, BEHIND, { organization_id, project_id, position });
}

async function positionBy(db: Knex.Transaction, sql: string, values: Record<string, string>): Promise<string> {
  const { rows: found } = await db.raw<{ rows: { position: string }[] }>(sql, values);
  return found[0]?.position ?? '1';
}

/** SQL: the place behind all others. */
const LAST = `select coalesce(max(position), 0) + 1 as position from tasks
  where organization_id = :organization_id and project_id = :project_id`;

/** SQL: a little behind, so that thousands more come before the next one. */
const BEHIND = `select :position::numeric
    + coalesce(${powerIn('(min(position) - :position::numeric) / 1000')}, 1) as position
  from tasks where organization_id = :organization_id and project_id = :project_id and position > :position::numeric`;
